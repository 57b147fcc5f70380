/* What is refused leaves every output as it was. */
#include "check.h"

#define PATTERN 0xA5
#define MARK ((void *)(uintptr_t)0xA5A5A5A0u)

static zstack *stack;
static unsigned char buffer[12 * SLICE_BYTES + 8];

/* A refused load or start: handle, report and buffer are as they were. */
static void refused(zstack_status want, const zstack_load_options *options, void *to, uint64_t bytes)
{
    zstack_report *report = MARK;
    zstack_job *job = MARK;
    zstack_error error = { .struct_size = sizeof error };
    memset(buffer, PATTERN, sizeof buffer);
    CHECK_EQ(zstack_load(stack, options, to, bytes, &report, &error), want);
    CHECK_EQ(error.status, want);
    CHECK(strlen(error.message) > 10);
    CHECK_EQ(zstack_start(stack, options, to, bytes, &job, &error), want);
    CHECK(report == MARK && job == MARK);
    CHECK(all_are(buffer, sizeof buffer, PATTERN));
}

static void plan_refused(zstack_status want, const zstack_load_options *options)
{
    zstack_plan_info plan;
    memset(&plan, PATTERN, sizeof plan);
    plan.struct_size = sizeof plan;
    CHECK_EQ(zstack_plan(stack, options, &plan, NULL), want);
    CHECK_EQ(plan.struct_size, sizeof plan);
    CHECK(all_are((char *)&plan + sizeof(size_t), sizeof plan - sizeof(size_t), PATTERN));
    refused(want, options, buffer, sizeof buffer - 8);
}

/* A getter that is refused. */
#define LEAVES(type, want, call)                                                            \
    do {                                                                                    \
        type out;                                                                           \
        memset(&out, PATTERN, sizeof out);                                                  \
        out.struct_size = sizeof out;                                                       \
        CHECK_STATUS(want, call);                                                           \
        CHECK(all_are((char *)&out + sizeof(size_t), sizeof out - sizeof(size_t), PATTERN)); \
    } while (0)

static void getters(void)
{
    zstack_report *report = NULL;
    CHECK_STATUS(OK, zstack_load(stack, NULL, buffer, sizeof buffer, &report, NULL));
    LEAVES(zstack_slice_info, OUT_OF_RANGE, zstack_get_slice(stack, 12, &out, NULL));
    LEAVES(zstack_slice_info, OUT_OF_RANGE, zstack_get_slice(stack, UINT64_MAX, &out, NULL));
    LEAVES(zstack_rejected_info, OUT_OF_RANGE, zstack_get_rejected(stack, 0, &out, NULL));
    LEAVES(zstack_gap_info, OUT_OF_RANGE, zstack_get_gap(stack, 0, &out, NULL));
    LEAVES(zstack_report_slice, OUT_OF_RANGE, zstack_report_get_slice(report, 12, &out, NULL));

    LEAVES(zstack_info, INVALID_ARGUMENT, zstack_get_info(NULL, &out, NULL));
    LEAVES(zstack_axes_info, INVALID_ARGUMENT, zstack_get_axes(NULL, &out, NULL));
    LEAVES(zstack_voxel_info, INVALID_ARGUMENT, zstack_get_voxel(NULL, &out, NULL));
    LEAVES(zstack_slice_info, INVALID_ARGUMENT, zstack_get_slice(NULL, 0, &out, NULL));
    LEAVES(zstack_rejected_info, INVALID_ARGUMENT, zstack_get_rejected(NULL, 0, &out, NULL));
    LEAVES(zstack_gap_info, INVALID_ARGUMENT, zstack_get_gap(NULL, 0, &out, NULL));
    LEAVES(zstack_plan_info, INVALID_ARGUMENT, zstack_plan(NULL, NULL, &out, NULL));
    LEAVES(zstack_report_totals, INVALID_ARGUMENT, zstack_report_get_totals(NULL, &out, NULL));
    LEAVES(zstack_report_slice, INVALID_ARGUMENT, zstack_report_get_slice(NULL, 0, &out, NULL));
    LEAVES(zstack_progress, INVALID_ARGUMENT, zstack_job_poll(NULL, &out, NULL));
    LEAVES(zstack_slice_event, INVALID_ARGUMENT, zstack_job_next_event(NULL, 0, &out, NULL));

    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_info(stack, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_axes(stack, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_voxel(stack, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_slice(stack, 0, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_rejected(stack, 0, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_get_gap(stack, 0, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_plan(stack, NULL, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_report_get_totals(report, NULL, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_report_get_slice(report, 0, NULL, NULL));
    zstack_report_free(report);
}

static void opens(const char *root)
{
    zstack *out = MARK;
    const char *none[] = { NULL };
    const char *gone[] = { in(root, "no such file") };
    zstack_open_options odd = { .struct_size = sizeof odd, .upright = 2 };
    CHECK_STATUS(NOT_FOUND, zstack_open(gone[0], NULL, &out, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(NULL, NULL, &out, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open("", NULL, &out, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(in(root, "grey"), &odd, &out, NULL));
    odd = (zstack_open_options){ .struct_size = sizeof odd, .level = 7 };
    CHECK_STATUS(OUT_OF_RANGE, zstack_open(in(root, "grey"), &odd, &out, NULL));
    odd = (zstack_open_options){ .struct_size = sizeof odd, .keep_gaps = 2 };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(in(root, "grey"), &odd, &out, NULL));
    odd = (zstack_open_options){ .struct_size = sizeof odd, .verify = 2 };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(in(root, "grey"), &odd, &out, NULL));
    CHECK_STATUS(EMPTY, zstack_open(in(root, "empty"), NULL, &out, NULL));
    CHECK_STATUS(EMPTY, zstack_open_list(gone, 0, NULL, &out, NULL));
    CHECK_STATUS(NOT_FOUND, zstack_open_list(gone, 1, NULL, &out, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open_list(none, 1, NULL, &out, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open_list(NULL, 1, NULL, &out, NULL));
    odd = (zstack_open_options){ .struct_size = sizeof odd, .prefix = "s" };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open_list(gone, 1, &odd, &out, NULL));
    CHECK(out == MARK);
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(in(root, "grey"), NULL, NULL, NULL));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    opens(argv[1]);
    stack = open_at(in(argv[1], "grey"));
    getters();

    refused(ZSTACK_STATUS_BUFFER_TOO_SMALL, NULL, buffer, 12 * SLICE_BYTES - 1);
    refused(ZSTACK_STATUS_BUFFER_TOO_SMALL, NULL, buffer, 0);
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, NULL, NULL, sizeof buffer);
    refused(ZSTACK_STATUS_BUFFER_MISALIGNED, NULL, buffer + 1, sizeof buffer - 1);

#define WITH(...) &(zstack_load_options){ .struct_size = sizeof(zstack_load_options), __VA_ARGS__ }
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.z_first = 12));
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.z_first = 1, .z_count = 12));
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.z_first = 1, .z_count = UINT64_MAX));
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.x = 40));
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.y = 1, .height = 30));
    plan_refused(ZSTACK_STATUS_OUT_OF_RANGE, WITH(.x = UINT32_MAX, .width = UINT32_MAX));
    plan_refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.policy = 4));
    plan_refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.policy = -1));
    plan_refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.fill_value = 65536));
    plan_refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.fill_value = -1));
    plan_refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.workers = UINT32_MAX));
    plan_refused(ZSTACK_STATUS_MEMORY_LIMIT, WITH(.memory_limit = 1));

    zstack_report *report = MARK;
    CHECK_STATUS(INVALID_ARGUMENT, zstack_load(NULL, NULL, buffer, sizeof buffer, &report, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_job_finish(NULL, &report, NULL));
    CHECK(report == MARK);
    CHECK_STATUS(INVALID_ARGUMENT, zstack_job_wait(NULL, 0, NULL));
    CHECK_STATUS(INVALID_ARGUMENT, zstack_start(stack, NULL, buffer, sizeof buffer, NULL, NULL));
    CHECK(tasks_are(1));
    zstack_free(stack);
    return done();
}
