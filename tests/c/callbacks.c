/* Callbacks: on the calling thread, one at a time, each slice once, progress to
 * the end; an answer stops the load and is the last call; calls back into the
 * job get a status. */
#include "check.h"

#include "reads.h"

enum { SLICES = 12, NEVER = -1 };

static zstack *stack;
static uint16_t volume[SLICES * PIXELS];

/* What a load's callbacks saw. */
struct seen {
    pthread_t thread;
    atomic_int inside;
    unsigned slices[SLICES], all_slices, progresses, ends, logs;
    uint64_t slices_done;
    int stop_at, stop_progress_at;
    int stopped;
    zstack_job *job;
};

static struct seen *enter(void *user)
{
    struct seen *seen = user;
    CHECK(pthread_equal(pthread_self(), seen->thread));
    CHECK_EQ(atomic_fetch_add(&seen->inside, 1), 0);
    CHECK(!seen->stopped);
    return seen;
}

static int leave(struct seen *seen, int stop)
{
    seen->stopped = stop;
    CHECK_EQ(atomic_fetch_sub(&seen->inside, 1), 1);
    /* Anything but 0 stops. */
    return stop ? INT32_MIN : 0;
}

static int32_t on_slice(const zstack_slice_event *event, void *user)
{
    struct seen *seen = enter(user);
    CHECK(event->struct_size == sizeof *event);
    CHECK(event->slice < SLICES);
    CHECK_EQ(event->place, event->slice);
    CHECK_EQ(event->state, ZSTACK_STATE_MEASURED);
    CHECK_EQ(event->status, ZSTACK_STATUS_OK);
    CHECK(event->seconds >= 0);
    /* It is there when it is told. */
    CHECK(slice_is(volume, event->place, event->slice));
    CHECK_EQ(seen->slices[event->slice]++, 0);
    return leave(seen, (int)seen->all_slices++ == seen->stop_at);
}

static int32_t on_progress(const zstack_progress *progress, void *user)
{
    struct seen *seen = enter(user);
    CHECK_EQ(progress->struct_size, sizeof *progress);
    CHECK_EQ(progress->slices_total, SLICES);
    CHECK_EQ(progress->bytes_total, SLICES * SLICE_BYTES);
    CHECK_EQ(progress->slices_failed, 0);
    CHECK(progress->slices_done >= seen->slices_done && progress->slices_done <= SLICES);
    CHECK(progress->seconds >= 0 && progress->bytes_per_second >= 0);
    seen->slices_done = progress->slices_done;
    seen->ends += progress->done;
    if (progress->done) {
        CHECK_EQ(progress->bytes_decoded, progress->slices_done * SLICE_BYTES);
        CHECK(progress->bytes_read >= progress->bytes_decoded);
    }
    return leave(seen, (int)seen->progresses++ == seen->stop_progress_at);
}

static void on_log(int32_t level, const char *message, void *user)
{
    struct seen *seen = enter(user);
    CHECK(level == ZSTACK_LEVEL_INFO || level == ZSTACK_LEVEL_WARNING);
    CHECK(strlen(message) > 0 && !strchr(message, '\n'));
    seen->logs++;
    leave(seen, 0);
}

static struct seen fresh(void)
{
    return (struct seen){ .thread = pthread_self(), .stop_at = NEVER, .stop_progress_at = NEVER };
}

static zstack_load_options all(struct seen *seen)
{
    memset(volume, 0xA5, sizeof volume);
    return (zstack_load_options){ .struct_size = sizeof(zstack_load_options), .on_slice = on_slice,
                                  .on_progress = on_progress, .on_log = on_log, .user = seen,
                                  .workers = 4, .reads_in_flight = 4, .progress_interval_ms = 1 };
}

static void whole(void)
{
    for (int round = 0; round < 20; round++) {
        struct seen seen = fresh();
        zstack_load_options options = all(&seen);
        CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
        CHECK_EQ(seen.all_slices, SLICES);
        CHECK(seen.progresses >= 1 && seen.ends >= 1 && seen.logs >= 1);
        CHECK_EQ(seen.slices_done, SLICES);
    }
    /* Each callback may be alone, or none be there. */
    for (int only = 0; only < 4; only++) {
        struct seen seen = fresh();
        zstack_load_options options = all(&seen);
        options.on_slice = only == 0 ? on_slice : NULL;
        options.on_progress = only == 1 ? on_progress : NULL;
        options.on_log = only == 2 ? on_log : NULL;
        CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
        CHECK_EQ(seen.all_slices, only == 0 ? SLICES : 0);
        CHECK((seen.progresses > 0) == (only == 1) && (seen.logs > 0) == (only == 2));
    }
}

/* An answer stops: no callback follows (see `enter`), the status is CANCELLED. */
static void stops(void)
{
    for (int at = 0; at < SLICES - 1; at += 5) {
        struct seen seen = fresh();
        zstack_load_options options = all(&seen);
        options.workers = options.reads_in_flight = 1;
        seen.stop_at = at;
        /* Reads stop in time for the answer to be heard before the end. */
        gate_shut((unsigned)at + 1);
        zstack_job *job = NULL;
        CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
        gate_await();
        while (!seen.stopped)
            CHECK_STATUS(PENDING, zstack_job_wait(job, 1, NULL));
        gate_open();
        CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
        CHECK_STATUS(CANCELLED, zstack_job_finish(job, NULL, NULL));
        CHECK_EQ(seen.all_slices, at + 1);
        zstack_job_free(job);
    }
    struct seen seen = fresh();
    zstack_load_options options = all(&seen);
    seen.stop_progress_at = 0;
    options.progress_interval_ms = 1;
    zstack_job *job = NULL;
    gate_shut(0);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    gate_await();
    while (!seen.stopped)
        CHECK_STATUS(PENDING, zstack_job_wait(job, 1, NULL));
    CHECK_EQ(seen.progresses, 1);
    gate_open();
    CHECK_STATUS(CANCELLED, zstack_job_finish(job, NULL, NULL));
    CHECK_EQ(seen.progresses, 1);
    CHECK_EQ(seen.all_slices, 0);
    zstack_job_free(job);
    on_read = NULL;
}

/* Back into the job from its own callback: a status, never a deadlock. */
static int32_t calls_back(const zstack_slice_event *event, void *user)
{
    struct seen *seen = user;
    zstack_progress progress = { .struct_size = sizeof progress };
    zstack_slice_event next = { .struct_size = sizeof next, .slice = 77 };
    zstack_report *report = NULL;
    zstack_error error = { .struct_size = sizeof error };
    CHECK(event->slice < SLICES);
    CHECK_STATUS(BUSY, zstack_job_wait(seen->job, -1, &error));
    CHECK_EQ(error.status, ZSTACK_STATUS_BUSY);
    CHECK_STATUS(BUSY, zstack_job_wait(seen->job, 0, NULL));
    CHECK_STATUS(BUSY, zstack_job_next_event(seen->job, -1, &next, NULL));
    CHECK_STATUS(BUSY, zstack_job_finish(seen->job, &report, NULL));
    CHECK(report == NULL && next.slice == 77);
    CHECK_STATUS(OK, zstack_job_poll(seen->job, &progress, NULL));
    CHECK(progress.slices_done > seen->all_slices);
    if (++seen->all_slices == 3 && seen->stop_at != NEVER)
        zstack_job_cancel(seen->job);
    return 0;
}

static void call_back(zstack_status (*take)(zstack_job *), int cancel)
{
    struct seen seen = fresh();
    zstack_load_options options = { .struct_size = sizeof options, .on_slice = calls_back, .user = &seen,
                                    .workers = 1, .reads_in_flight = 1 };
    seen.stop_at = cancel ? 3 : NEVER;
    gate_shut(4);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &seen.job, NULL));
    gate_await();
    while (seen.all_slices < 3)
        CHECK_STATUS(PENDING, zstack_job_wait(seen.job, 1, NULL));
    gate_open();
    CHECK_EQ(take(seen.job), cancel ? ZSTACK_STATUS_CANCELLED : ZSTACK_STATUS_OK);
    CHECK(cancel ? seen.all_slices < SLICES : seen.all_slices == SLICES);
    zstack_job_free(seen.job);
    on_read = NULL;
}

static zstack_status finish(zstack_job *job)
{
    return zstack_job_finish(job, NULL, NULL);
}

static zstack_status wait_and_finish(zstack_job *job)
{
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    return zstack_job_finish(job, NULL, NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));
    whole();
    stops();
    call_back(finish, 0);
    call_back(finish, 1);
    call_back(wait_and_finish, 0);
    zstack_free(stack);
    return done();
}
