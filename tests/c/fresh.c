/* The buffer may be uninitialised: nothing in it is looked at before it was
 * written, and every sample is written. Of use under memcheck. */
#include "check.h"

static void loads(zstack *stack, int32_t policy, uint64_t stride)
{
    zstack_load_options options = { .struct_size = sizeof options, .policy = policy, .row_stride = stride,
                                    .fill_value = 5, .workers = 3, .reads_in_flight = 3 };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_report *report = NULL;
    CHECK_STATUS(OK, zstack_plan(stack, &options, &plan, NULL));
    unsigned char *volume = malloc((size_t)plan.buffer_bytes);
    CHECK(volume);
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, plan.buffer_bytes, &report, NULL));
    for (unsigned n = 0; n < 12; n++) {
        zstack_report_slice line = line_of(report, n);
        CHECK(line.path != NULL && strlen(line.path) > 0);
        for (unsigned y = 0; line.place >= 0 && y < HEIGHT; y++)
            for (unsigned x = 0; x < WIDTH; x++) {
                uint16_t value;
                memcpy(&value, volume + (uint64_t)line.place * plan.slice_stride + y * plan.row_stride + 2 * x, 2);
                CHECK(value == sample(n, y, x) || (n == 5 && value == 5));
            }
    }
    zstack_report_free(report);
    free(volume);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    zstack *stack = open_at(in(argv[1], "grey"));
    CHECK_EQ(unlink(in(argv[1], "grey/s_0005.tif")), 0);
    for (uint64_t stride = 0; stride < 101; stride += 100) {
        loads(stack, ZSTACK_POLICY_FILL, stride);
        loads(stack, ZSTACK_POLICY_SKIP, stride);
        loads(stack, ZSTACK_POLICY_INTERPOLATE, stride);
    }
    zstack_free(stack);
    return done();
}
