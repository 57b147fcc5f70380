/* Passing faults are tried again, others are not; the report counts. Run with
 * flaky_pread.so preloaded, whose reads of "flaky" files fail a few times first. */
#include "check.h"

static uint16_t volume[12 * PIXELS];

static zstack_report *load(zstack *stack, zstack_status want, uint32_t attempts)
{
    zstack_report *report = NULL;
    zstack_load_options options = { .struct_size = sizeof options, .attempts = attempts, .backoff_ms = 1,
                                    .fill_value = 7 };
    memset(volume, 0xA5, sizeof volume);
    CHECK_EQ(zstack_load(stack, &options, volume, sizeof volume, &report, NULL), want);
    return report;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    /* The list's first is sound, so that to open it reads no flaky file. */
    const char *list[] = { in(argv[1], "grey/s_0000.tif"), in(argv[1], "grey/flaky2_0001.tif"),
                           in(argv[1], "grey/s_0002.tif"), in(argv[1], "grey/corrupt.tif"),
                           in(argv[1], "grey/none.tif"), in(argv[1], "grey/flaky9_0005.tif") };
    zstack *stack = NULL;
    CHECK_STATUS(OK, zstack_open_list(list, 6, NULL, &stack, NULL));

    /* flaky2 fails twice: the third attempt, which is the default's last, has it. */
    zstack_report *report = load(stack, ZSTACK_STATUS_PARTIAL, 0);
    static const uint32_t attempts[] = { 1, 3, 1, 1, 1, 3 };
    static const int32_t status[] = { ZSTACK_STATUS_OK, ZSTACK_STATUS_OK, ZSTACK_STATUS_OK,
                                      ZSTACK_STATUS_CORRUPT, ZSTACK_STATUS_NOT_FOUND, ZSTACK_STATUS_IO };
    static const int32_t os_error[] = { 0, 0, 0, 0, ENOENT, EIO };
    for (unsigned n = 0; n < 6; n++) {
        zstack_report_slice line = line_of(report, n);
        CHECK_EQ(line.attempts, attempts[n]);
        CHECK_EQ(line.status, status[n]);
        CHECK_EQ(line.os_error, os_error[n]);
        CHECK(n < 3 ? slice_is(volume, n, n) : slice_has(volume, n, 7));
    }
    CHECK_EQ(totals_of(report).attempts, 10);
    CHECK_EQ(totals_of(report).loaded, 3);
    zstack_report_free(report);

    /* flaky9 has 6 failures left. One attempt is one attempt. */
    report = load(stack, ZSTACK_STATUS_PARTIAL, 1);
    CHECK_EQ(line_of(report, 1).attempts, 1);
    CHECK_EQ(line_of(report, 1).status, ZSTACK_STATUS_OK);
    CHECK_EQ(line_of(report, 5).attempts, 1);
    CHECK_EQ(line_of(report, 5).status, ZSTACK_STATUS_IO);
    zstack_report_free(report);

    /* Then 5; the sixth of ten attempts has it. */
    report = load(stack, ZSTACK_STATUS_PARTIAL, 10);
    CHECK_EQ(line_of(report, 5).attempts, 6);
    CHECK_EQ(line_of(report, 5).status, ZSTACK_STATUS_OK);
    CHECK(slice_is(volume, 5, 5));
    CHECK_EQ(line_of(report, 3).attempts, 1);
    CHECK_EQ(line_of(report, 4).attempts, 1);
    zstack_report_free(report);
    zstack_free(stack);
    return done();
}
