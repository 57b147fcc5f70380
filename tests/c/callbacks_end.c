/* The last calls: progress says once that the load has ended, however it ends;
 * a job freed from its own callback calls no more. */
#include "check.h"

#include "reads.h"

static zstack *stack;
static uint16_t volume[12 * PIXELS];
static zstack_job *job;
static unsigned calls, ends;
static int freed;

static int32_t count_ends(const zstack_progress *progress, void *user)
{
    (void)user;
    CHECK_EQ(ends, 0);
    ends += progress->done;
    calls++;
    return 0;
}

static void ends_once(const char *how)
{
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_load_options options = { .struct_size = sizeof options, .on_progress = count_ends,
                                    .progress_interval_ms = 1, .cancel = cancel };
    calls = ends = 0;
    if (!strcmp(how, "load")) {
        CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    } else if (!strcmp(how, "cancelled")) {
        zstack_cancel_request(cancel);
        CHECK_STATUS(CANCELLED, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    } else {
        CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
        CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
        CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
        CHECK_STATUS(OK, zstack_job_finish(job, NULL, NULL));
        zstack_job_free(job);
    }
    CHECK_EQ(ends, 1);
    zstack_cancel_free(cancel);
}

static int32_t frees(const zstack_slice_event *event, void *user)
{
    CHECK(!freed);
    CHECK(event->slice < 12 && user == &freed);
    zstack_job_free(job);
    freed = 1;
    /* The job is joined: the buffer is the caller's again. */
    memset(volume, 0xA5, sizeof volume);
    return 0;
}

static int32_t no_more(const zstack_progress *progress, void *user)
{
    CHECK(!freed);
    CHECK(progress && user == &freed);
    return 0;
}

/* Every slice but the last is waiting to be told when the first is. */
static void free_inside(int in_finish)
{
    const unsigned before = 1;
    zstack_load_options options = { .struct_size = sizeof options, .on_slice = frees, .on_progress = no_more,
                                    .user = &freed, .workers = 1, .reads_in_flight = 1,
                                    .progress_interval_ms = 1 };
    freed = 0;
    gate_shut(11);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    gate_await();
    gate_open();
    zstack_report *report = NULL;
    if (in_finish) {
        zstack_status status = zstack_job_finish(job, &report, NULL);
        CHECK(status == ZSTACK_STATUS_CANCELLED || status == ZSTACK_STATUS_OK);
        CHECK(report != NULL);
        CHECK_EQ(totals_of(report).slices, 12);
        zstack_report_free(report);
    } else {
        CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    }
    CHECK(freed);
    CHECK(all_are(volume, sizeof volume, 0xA5));
    CHECK(tasks_are(before));
    on_read = NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    stack = open_at(in(argv[1], "grey"));
    if (!strcmp(argv[2], "free in wait") || !strcmp(argv[2], "free in finish"))
        free_inside(!strcmp(argv[2], "free in finish"));
    else
        ends_once(argv[2]);
    zstack_free(stack);
    return done();
}
