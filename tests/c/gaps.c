/* Numbers missing from a folder: reported, and kept as slices where asked. */
#include "check.h"

static uint16_t volume[12 * PIXELS];

static zstack *opened(const char *folder, uint32_t keep)
{
    zstack *stack = NULL;
    zstack_open_options options = { .struct_size = sizeof options, .keep_gaps = keep };
    CHECK_STATUS(OK, zstack_open(folder, &options, &stack, NULL));
    zstack_info info = { .struct_size = sizeof info };
    CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
    CHECK_EQ(info.slices, keep ? 12 : 9);
    CHECK_EQ(info.gaps, 2);
    CHECK_EQ(info.known_bad, keep ? 3 : 0);
    zstack_gap_info gap = { .struct_size = sizeof gap };
    CHECK_STATUS(OK, zstack_get_gap(stack, 0, &gap, NULL));
    CHECK(gap.first == 4 && gap.last == 5);
    CHECK_EQ(gap.before, keep ? 6 : 4);
    CHECK_STATUS(OK, zstack_get_gap(stack, 1, &gap, NULL));
    CHECK(gap.first == 9 && gap.last == 9);
    CHECK_EQ(gap.before, keep ? 10 : 7);
    return stack;
}

static int gone(unsigned z)
{
    return z == 4 || z == 5 || z == 9;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    /* Closed up. */
    zstack *stack = opened(in(argv[1], "grey"), 0);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0, place = 0; z < 12; z++)
        if (!gone(z))
            CHECK(slice_is(volume, place++, z));
    zstack_free(stack);

    /* Kept: z stays true. */
    stack = opened(in(argv[1], "grey"), 1);
    zstack_report *report = NULL;
    CHECK_STATUS(PARTIAL, zstack_load(stack, NULL, volume, sizeof volume, &report, NULL));
    for (unsigned z = 0; z < 12; z++) {
        zstack_slice_info slice = { .struct_size = sizeof slice };
        CHECK_STATUS(OK, zstack_get_slice(stack, z, &slice, NULL));
        CHECK_EQ(slice.number, z);
        CHECK_EQ(slice.status, gone(z) ? ZSTACK_STATUS_MISSING : ZSTACK_STATUS_OK);
        char name[16];
        snprintf(name, sizeof name, "/s_%04u.tif", z);
        CHECK(strstr(slice.path, name));
        zstack_report_slice line = line_of(report, z);
        CHECK_EQ(line.status, slice.status);
        CHECK_EQ(line.state, gone(z) ? ZSTACK_STATE_MISSING : ZSTACK_STATE_MEASURED);
        CHECK(gone(z) ? slice_has(volume, z, 0) : slice_is(volume, z, z));
    }
    zstack_report_free(report);
    zstack_load_options options = { .struct_size = sizeof options, .policy = ZSTACK_POLICY_INTERPOLATE };
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(volume, z, z));
    zstack_error error = { .struct_size = sizeof error };
    options.policy = ZSTACK_POLICY_FAIL;
    CHECK_STATUS(MISSING, zstack_load(stack, &options, volume, sizeof volume, NULL, &error));
    CHECK(error.slice == 4 || error.slice == 5);
    zstack_free(stack);
    return done();
}
