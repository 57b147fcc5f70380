/* Slices that are not what the stack is: each is its own failure, named in the
 * report, and shifts no other. `verify` says the same before. */
#include "check.h"

enum { FILES = 9 };

static uint16_t volume[FILES * PIXELS];
static const char *names[FILES] = { "s_0000.tif", "shape.tif",  "s_0002.tif", "type.tif", "short.tif",
                                    "fifo.tif",   "folder.tif", "text.tif",   "s_0008.tif" };
static const int32_t want[FILES] = {
    ZSTACK_STATUS_OK,         ZSTACK_STATUS_SHAPE_MISMATCH, ZSTACK_STATUS_OK,
    ZSTACK_STATUS_TYPE_MISMATCH, ZSTACK_STATUS_TRUNCATED,   ZSTACK_STATUS_NOT_A_FILE,
    ZSTACK_STATUS_NOT_A_FILE, ZSTACK_STATUS_CORRUPT,        ZSTACK_STATUS_OK,
};

static int told(int32_t status, int32_t expected, unsigned n)
{
    /* What is no image at all may be called either. */
    return status == expected || (n == 7 && status == ZSTACK_STATUS_UNSUPPORTED);
}

static void load(zstack *stack)
{
    zstack_report *report = NULL;
    zstack_load_options options = { .struct_size = sizeof options, .fill_value = 3 };
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, sizeof volume, &report, NULL));
    for (unsigned n = 0; n < FILES; n++) {
        zstack_report_slice line = line_of(report, n);
        CHECK(told(line.status, want[n], n));
        CHECK_EQ(line.attempts, 1);
        CHECK(strstr(line.path, names[n]));
        if (want[n] == ZSTACK_STATUS_OK)
            CHECK(slice_is(volume, n, n));
        else
            CHECK(slice_has(volume, n, 3) && strlen(line.message) > 10);
    }
    CHECK_EQ(totals_of(report).failed, 6);
    zstack_report_free(report);

    /* Each alone is the load's own status where it may not fail. */
    for (unsigned n = 0; n < FILES; n++) {
        zstack_load_options only = { .struct_size = sizeof only, .policy = ZSTACK_POLICY_FAIL, .z_first = n,
                                     .z_count = 1 };
        zstack_error error = { .struct_size = sizeof error, .slice = -7 };
        CHECK(told(zstack_load(stack, &only, volume, sizeof volume, NULL, &error), want[n], n));
        CHECK_EQ(error.slice, want[n] == ZSTACK_STATUS_OK ? -7 : (int64_t)n);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    alarm(120); /* a FIFO that is waited for ends here */
    const char *paths[FILES];
    for (unsigned n = 0; n < FILES; n++)
        paths[n] = in(in(argv[1], "grey"), names[n]);
    for (uint32_t verify = 0; verify < 2; verify++) {
        zstack *stack = NULL;
        zstack_open_options options = { .struct_size = sizeof options, .verify = verify, .workers = 3 };
        zstack_info info = { .struct_size = sizeof info };
        CHECK_STATUS(OK, zstack_open_list(paths, FILES, &options, &stack, NULL));
        CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
        CHECK_EQ(info.slices, FILES);
        /* The truncated one's header is sound; its pixels are not looked at. */
        unsigned bad = 0;
        for (unsigned n = 0; n < FILES; n++) {
            zstack_slice_info slice = { .struct_size = sizeof slice };
            CHECK_STATUS(OK, zstack_get_slice(stack, n, &slice, NULL));
            if (!verify || want[n] == ZSTACK_STATUS_OK) {
                CHECK_EQ(slice.status, ZSTACK_STATUS_OK);
            } else if (want[n] != ZSTACK_STATUS_TRUNCATED) {
                CHECK(told(slice.status, want[n], n));
            }
            CHECK((slice.message != NULL) == (slice.status != ZSTACK_STATUS_OK));
            bad += slice.status != ZSTACK_STATUS_OK;
        }
        CHECK_EQ(info.known_bad, bad);
        CHECK(verify ? bad >= 5 : bad == 0);
        load(stack);
        zstack_free(stack);
    }

    /* A FIFO, a socket's kin, alone: refused, not waited for. */
    zstack *stack = NULL;
    CHECK_STATUS(NOT_A_FILE, zstack_open(paths[5], NULL, &stack, NULL));
    CHECK_STATUS(NOT_A_FILE, zstack_open("/dev/null", NULL, &stack, NULL));
    CHECK_STATUS(NOT_A_FILE, zstack_open_list(&paths[5], 1, NULL, &stack, NULL));
    CHECK(stack == NULL);
    return done();
}
