/* A memory limit makes for fewer threads, and is refused below the least; the
 * least that the message names will do. */
#include "check.h"

static uint16_t volume[12 * PIXELS];
static zstack *stack;

static zstack_plan_info planned(uint64_t limit)
{
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_load_options options = { .struct_size = sizeof options, .workers = 8, .reads_in_flight = 4,
                                    .memory_limit = limit };
    CHECK_STATUS(OK, zstack_plan(stack, &options, &plan, NULL));
    CHECK(limit == 0 || plan.working_bytes <= limit);
    CHECK(plan.threads >= 1 && plan.workers >= 1 && plan.reads_in_flight >= 1);
    CHECK(plan.workers <= plan.threads && plan.reads_in_flight <= plan.threads);
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(volume, z, z));
    return plan;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));
    zstack_plan_info all = planned(0);
    CHECK(all.threads > 2);
    CHECK_EQ(planned(all.working_bytes).threads, all.threads);
    CHECK_EQ(planned(UINT64_MAX).threads, all.threads);
    zstack_plan_info fewer = planned(all.working_bytes - 1);
    CHECK_EQ(fewer.threads, all.threads - 1);
    CHECK(fewer.working_bytes < all.working_bytes);

    /* Down to one thread, and not a byte below. */
    uint64_t least = fewer.working_bytes;
    for (uint32_t threads = fewer.threads; threads > 1;) {
        fewer = planned(least - 1);
        CHECK(fewer.threads <= threads && fewer.working_bytes < least);
        threads = fewer.threads;
        least = fewer.working_bytes;
    }
    CHECK_EQ(planned(least).working_bytes, least);
    zstack_load_options options = { .struct_size = sizeof options, .memory_limit = least - 1 };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_error error = { .struct_size = sizeof error };
    char number[32];
    CHECK_STATUS(MEMORY_LIMIT, zstack_plan(stack, &options, &plan, &error));
    snprintf(number, sizeof number, "%llu", (unsigned long long)least);
    CHECK(strstr(error.message, number));
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(MEMORY_LIMIT, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    CHECK(all_are(volume, sizeof volume, 0xA5));
    zstack_free(stack);
    return done();
}
