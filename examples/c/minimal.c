/* The smallest complete load: minimal PATH */

#include <stdio.h>
#include <stdlib.h>

#include "zstack.h"

/* [readme] */
static void check(zstack_status status, const zstack_error *error)
{
    if (status == ZSTACK_STATUS_OK || status == ZSTACK_STATUS_PARTIAL)
        return;
    fprintf(stderr, "%s: %s\n", zstack_status_name(status), error->message);
    exit(EXIT_FAILURE);
}

static void load(const char *path)
{
    zstack *stack = NULL;
    zstack_report *report = NULL;
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_report_totals totals = { .struct_size = sizeof totals };
    zstack_error error = { .struct_size = sizeof error };

    check(zstack_open(path, NULL, &stack, &error), &error);
    check(zstack_plan(stack, NULL, &plan, &error), &error);
    void *volume = malloc((size_t)plan.buffer_bytes);
    check(zstack_load(stack, NULL, volume, plan.buffer_bytes, &report, &error), &error);
    check(zstack_report_get_totals(report, &totals, &error), &error);

    printf("%u x %u x %llu %s, %llu slices could not be had\n", plan.width, plan.height,
           (unsigned long long)plan.slices, zstack_sample_type_name(plan.sample_type),
           (unsigned long long)totals.failed);
    free(volume);
    zstack_report_free(report);
    zstack_free(stack);
}
/* [/readme] */

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PATH\n", argv[0]);
        return 2;
    }
    load(argv[1]);
    return EXIT_SUCCESS;
}
