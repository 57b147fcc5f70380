/* Opens and loads one file as a C program would, with small limits. */
#include <stdlib.h>

#include "zstack.h"

enum { MOST_VOLUME = 64 << 20 };

/* 0, or 1 where the library says that it is at fault itself. */
int fuzz_load(const char *path, uint64_t slice_bytes)
{
    zstack_open_options options = { .struct_size = sizeof options,
                                    .max_pages = 16,
                                    .max_slice_bytes = slice_bytes,
                                    .verify = 1,
                                    .workers = 1 };
    zstack_error error = { .struct_size = sizeof error };
    zstack *stack = NULL;
    zstack_status status = zstack_open(path, &options, &stack, &error);
    if (status != ZSTACK_STATUS_OK)
        return status == ZSTACK_STATUS_INTERNAL;

    zstack_load_options load = { .struct_size = sizeof load,
                                 .policy = ZSTACK_POLICY_FILL,
                                 .attempts = 1,
                                 .workers = 2 };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    status = zstack_plan(stack, &load, &plan, &error);
    if (status == ZSTACK_STATUS_OK && plan.buffer_bytes <= MOST_VOLUME) {
        zstack_report *report = NULL;
        void *volume = malloc(plan.buffer_bytes);
        status = zstack_load(stack, &load, volume, plan.buffer_bytes, &report, &error);
        free(volume);
        zstack_report_free(report);
    }
    zstack_free(stack);
    return status == ZSTACK_STATUS_INTERNAL;
}
