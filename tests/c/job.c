/* A load beside its caller: poll, next event, wait, finish, free. */
#include "check.h"

#include "reads.h"

enum { SLICES = 12, CANARY = 0xC5 };

static zstack *stack;
static uint16_t volume[SLICES * PIXELS];

static zstack_job *start(void)
{
    zstack_job *job = NULL;
    zstack_load_options options = { .struct_size = sizeof options, .workers = 1, .reads_in_flight = 1 };
    memset(volume, CANARY, sizeof volume);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    CHECK(job != NULL);
    return job;
}

static zstack_progress polled(const zstack_job *job)
{
    zstack_progress progress = { .struct_size = sizeof progress };
    CHECK_STATUS(OK, zstack_job_poll(job, &progress, NULL));
    CHECK_EQ(progress.slices_total, SLICES);
    CHECK_EQ(progress.bytes_total, SLICES * SLICE_BYTES);
    return progress;
}

/* Nothing is ready, then some is, then all is. */
static void by_events(void)
{
    zstack_slice_event event = { .struct_size = sizeof event, .slice = 99 };
    zstack_report *report = NULL;
    gate_shut(0);
    zstack_job *job = start();
    CHECK_STATUS(PENDING, zstack_job_next_event(job, 0, &event, NULL));
    CHECK_STATUS(PENDING, zstack_job_next_event(job, 5, &event, NULL));
    CHECK_EQ(event.slice, 99);
    CHECK_STATUS(PENDING, zstack_job_wait(job, 0, NULL));
    CHECK_STATUS(PENDING, zstack_job_wait(job, 5, NULL));
    zstack_progress progress = polled(job);
    CHECK_EQ(progress.done, 0);
    CHECK_EQ(progress.slices_done, 0);
    CHECK_EQ(progress.bytes_decoded, 0);
    CHECK(progress.seconds_left < 0);
    gate_open();

    unsigned seen[SLICES] = { 0 };
    for (unsigned n = 0; n < SLICES; n++) {
        /* Negative and absurd times wait for as long as it takes. */
        CHECK_STATUS(OK, zstack_job_next_event(job, n % 2 ? -1 : INT64_MAX, &event, NULL));
        CHECK(event.slice < SLICES);
        CHECK_EQ(seen[event.slice]++, 0);
        CHECK_EQ(event.place, event.slice);
        CHECK_EQ(event.state, ZSTACK_STATE_MEASURED);
        CHECK(slice_is(volume, event.place, event.slice));
    }
    CHECK_STATUS(NO_MORE_EVENTS, zstack_job_next_event(job, INT64_MIN, &event, NULL));
    CHECK_STATUS(NO_MORE_EVENTS, zstack_job_next_event(job, 0, &event, NULL));
    progress = polled(job);
    CHECK_EQ(progress.done, 1);
    CHECK_EQ(progress.slices_done, SLICES);
    CHECK_EQ(progress.bytes_decoded, SLICES * SLICE_BYTES);

    CHECK_STATUS(OK, zstack_job_wait(job, 0, NULL));
    CHECK_STATUS(OK, zstack_job_finish(job, &report, NULL));
    CHECK_EQ(totals_of(report).loaded, SLICES);
    zstack_report *second = report;
    CHECK_STATUS(ALREADY_FINISHED, zstack_job_finish(job, &second, NULL));
    CHECK_STATUS(ALREADY_FINISHED, zstack_job_finish(job, NULL, NULL));
    CHECK(second == report);
    CHECK_EQ(polled(job).done, 1);
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    CHECK_STATUS(NO_MORE_EVENTS, zstack_job_next_event(job, -1, &event, NULL));
    zstack_job_cancel(job);
    zstack_job_free(job);
    zstack_report_free(report);
    on_read = NULL;
}

/* poll alone leads to the end; nobody has to wait. */
static void by_poll(void)
{
    zstack_job *job = start();
    while (!polled(job).done)
        usleep(100);
    CHECK_STATUS(OK, zstack_job_wait(job, 0, NULL));
    CHECK_STATUS(OK, zstack_job_finish(job, NULL, NULL));
    for (unsigned z = 0; z < SLICES; z++)
        CHECK(slice_is(volume, z, z));
    zstack_job_free(job);
}

static atomic_int waiting;

static void *wait_there(void *job)
{
    waiting = 1;
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    return NULL;
}

/* One call at a time takes from a job; poll and cancel are always free. */
static void busy(void)
{
    pthread_t thread;
    zstack_slice_event event = { .struct_size = sizeof event };
    zstack_report *report = NULL;
    gate_shut(0);
    zstack_job *job = start();
    CHECK_EQ(pthread_create(&thread, NULL, wait_there, job), 0);
    while (!waiting || zstack_job_wait(job, 0, NULL) != ZSTACK_STATUS_BUSY)
        usleep(100);
    CHECK_STATUS(BUSY, zstack_job_next_event(job, 0, &event, NULL));
    CHECK_STATUS(BUSY, zstack_job_wait(job, -1, NULL));
    CHECK_STATUS(BUSY, zstack_job_finish(job, &report, NULL));
    CHECK(report == NULL);
    CHECK_EQ(polled(job).done, 0);
    zstack_job_cancel(job);
    gate_open();
    CHECK_EQ(pthread_join(thread, NULL), 0);
    /* A refused finish has not finished it. */
    CHECK_STATUS(CANCELLED, zstack_job_finish(job, &report, NULL));
    CHECK(totals_of(report).not_reached > 0);
    zstack_report_free(report);
    zstack_job_free(job);
    on_read = NULL;
}

static void *free_it(void *job)
{
    zstack_job_free(job);
    return NULL;
}

/* Freeing a running job waits for the read in flight, and nothing writes after. */
static void freed(void)
{
    pthread_t thread;
    const unsigned before = 1;
    gate_shut(3);
    zstack_job *job = start();
    gate_await();
    unsigned reads = reads_seen;
    CHECK_EQ(pthread_create(&thread, NULL, free_it, job), 0);
    usleep(20000);
    gate_open();
    CHECK_EQ(pthread_join(thread, NULL), 0);
    uint16_t kept[SLICES * PIXELS];
    memcpy(kept, volume, sizeof volume);
    CHECK(tasks_are(before));
    CHECK(memcmp(kept, volume, sizeof volume) == 0);
    /* It was cancelled: the load did not go on to its end. */
    CHECK(reads_seen <= reads + 2);
    CHECK(!slice_is(volume, SLICES - 1, SLICES - 1));
    on_read = NULL;

    /* Right after the start, and after the end without finish. */
    for (int round = 0; round < 50; round++)
        zstack_job_free(start());
    job = start();
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    zstack_job_free(job);
    CHECK(tasks_are(before));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));
    by_events();
    by_poll();
    busy();
    freed();
    zstack_job_cancel(NULL);
    zstack_free(stack);
    return done();
}
