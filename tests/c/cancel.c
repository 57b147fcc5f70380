/* Cancel: from any thread, by a token; the report says which slices are whole,
 * and those are. */
#include "check.h"

#include "reads.h"

enum { SLICES = 12, CANARY = 0xC5 };

static zstack *stack;
static uint16_t volume[SLICES * PIXELS];

static zstack_load_options with(zstack_cancel *cancel)
{
    memset(volume, CANARY, sizeof volume);
    return (zstack_load_options){ .struct_size = sizeof(zstack_load_options), .cancel = cancel,
                                  .workers = 1, .reads_in_flight = 1 };
}

/* Every line of the report against the buffer; returns how many are whole. */
static unsigned judge(zstack_report *report)
{
    unsigned whole = 0;
    CHECK(report != NULL);
    for (unsigned z = 0; z < SLICES; z++) {
        zstack_report_slice line = line_of(report, z);
        CHECK_EQ(line.slice, z);
        if (line.state == ZSTACK_STATE_MEASURED) {
            CHECK(slice_is(volume, z, z));
            CHECK_EQ(line.status, ZSTACK_STATUS_OK);
            CHECK(line.attempts > 0);
            whole++;
        } else {
            CHECK_EQ(line.state, ZSTACK_STATE_NOT_REACHED);
            /* Nothing dependable stands there; nothing at all where nobody began. */
            CHECK(line.attempts > 0 || all_are(volume + z * PIXELS, SLICE_BYTES, CANARY));
        }
    }
    zstack_report_totals totals = totals_of(report);
    CHECK_EQ(totals.slices, SLICES);
    CHECK_EQ(totals.loaded, whole);
    CHECK_EQ(totals.not_reached, SLICES - whole);
    CHECK_EQ(totals.failed, 0);
    CHECK_EQ(totals.bytes_decoded, whole * SLICE_BYTES);
    zstack_report_free(report);
    return whole;
}

static void before(void)
{
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_report *report = NULL;
    CHECK(cancel != NULL);
    CHECK_EQ(zstack_cancel_is_requested(cancel), 0);
    zstack_cancel_request(cancel);
    zstack_cancel_request(cancel);
    CHECK_EQ(zstack_cancel_is_requested(cancel), 1);
    zstack_load_options options = with(cancel);
    unsigned reads = reads_seen;
    CHECK_STATUS(CANCELLED, zstack_load(stack, &options, volume, sizeof volume, &report, NULL));
    CHECK_EQ(judge(report), 0);
    CHECK(all_are(volume, sizeof volume, CANARY));
    CHECK_EQ(reads_seen, reads);

    /* Every load that it is given to. */
    zstack_job *job = NULL;
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    CHECK_STATUS(CANCELLED, zstack_job_finish(job, &report, NULL));
    CHECK_EQ(judge(report), 0);
    zstack_job_free(job);
    zstack_cancel_free(cancel);
}

static void *request(void *cancel)
{
    gate_await();
    zstack_cancel_request(cancel);
    gate_open();
    return NULL;
}

/* Another thread cancels a blocking load that waits for its eighth read. */
static void meanwhile(void)
{
    pthread_t thread;
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_report *report = NULL;
    zstack_load_options options = with(cancel);
    gate_shut(7);
    CHECK_EQ(pthread_create(&thread, NULL, request, cancel), 0);
    CHECK_STATUS(CANCELLED, zstack_load(stack, &options, volume, sizeof volume, &report, NULL));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    unsigned whole = judge(report);
    /* What was read before is whole; the read in flight may be, and no more are begun. */
    CHECK(whole >= 1 && whole <= 8);
    zstack_cancel_free(cancel);
    on_read = NULL;
}

static int32_t from_inside(const zstack_slice_event *event, void *cancel)
{
    if (event->slice == 3)
        zstack_cancel_request(cancel);
    return 0;
}

/* From a callback, by the token rather than by the answer. */
static void inside(void)
{
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_job *job = NULL;
    zstack_report *report = NULL;
    zstack_load_options options = with(cancel);
    options.on_slice = from_inside;
    options.user = cancel;
    gate_shut(5);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    gate_await();
    while (!zstack_cancel_is_requested(cancel))
        CHECK_STATUS(PENDING, zstack_job_wait(job, 1, NULL));
    gate_open();
    CHECK_STATUS(CANCELLED, zstack_job_finish(job, &report, NULL));
    unsigned whole = judge(report);
    CHECK(whole >= 4 && whole <= 6);
    zstack_job_free(job);
    zstack_cancel_free(cancel);
    on_read = NULL;
}

/* The token is freed while the load runs: requested before, it still cancels;
 * not requested, the load goes on to its end. */
static void freed(int requested)
{
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_job *job = NULL;
    zstack_report *report = NULL;
    zstack_load_options options = with(cancel);
    gate_shut(2);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    gate_await();
    if (requested)
        zstack_cancel_request(cancel);
    zstack_cancel_free(cancel);
    gate_open();
    zstack_status status = zstack_job_finish(job, &report, NULL);
    CHECK_EQ(status, requested ? ZSTACK_STATUS_CANCELLED : ZSTACK_STATUS_OK);
    unsigned whole = judge(report);
    CHECK(requested ? whole <= 3 : whole == SLICES);
    zstack_job_free(job);
    on_read = NULL;
}

/* One token, two loads: both end. A third load, without it, does not. */
static void several(void)
{
    static uint16_t others[2][SLICES * PIXELS];
    zstack_cancel *cancel = zstack_cancel_new();
    zstack_job *jobs[3] = { NULL, NULL, NULL };
    zstack_load_options options = with(cancel);
    gate_shut(0);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &jobs[0], NULL));
    CHECK_STATUS(OK, zstack_start(stack, &options, others[0], sizeof volume, &jobs[1], NULL));
    options.cancel = NULL;
    CHECK_STATUS(OK, zstack_start(stack, &options, others[1], sizeof volume, &jobs[2], NULL));
    zstack_cancel_request(cancel);
    gate_open();
    CHECK_STATUS(CANCELLED, zstack_job_finish(jobs[0], NULL, NULL));
    CHECK_STATUS(CANCELLED, zstack_job_finish(jobs[1], NULL, NULL));
    CHECK_STATUS(OK, zstack_job_finish(jobs[2], NULL, NULL));
    for (unsigned z = 0; z < SLICES; z++)
        CHECK(slice_is(others[1], z, z));
    for (int n = 0; n < 3; n++)
        zstack_job_free(jobs[n]);
    zstack_cancel_free(cancel);
    on_read = NULL;
}

/* Whatever the policy, slices that were not reached are said to be just that. */
static void policies(void)
{
    for (int32_t policy = ZSTACK_POLICY_FILL; policy <= ZSTACK_POLICY_INTERPOLATE; policy++) {
        zstack_cancel *cancel = zstack_cancel_new();
        zstack_job *job = NULL;
        zstack_report *report = NULL;
        zstack_load_options options = with(cancel);
        options.policy = policy;
        options.workers = options.reads_in_flight = 3;
        gate_shut(4);
        CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
        gate_await();
        zstack_cancel_request(cancel);
        gate_open();
        CHECK_STATUS(CANCELLED, zstack_job_finish(job, &report, NULL));
        CHECK(judge(report) < SLICES);
        zstack_job_free(job);
        zstack_cancel_free(cancel);
        on_read = NULL;
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));
    before();
    meanwhile();
    inside();
    freed(0);
    freed(1);
    several();
    policies();
    CHECK(tasks_are(1));
    zstack_free(stack);
    return done();
}
