/* A worker panics (built with the feature fault-injection): INTERNAL with a
 * message, all threads joined, nothing printed, the stack as good as before.
 *
 *     panic SAMPLES PLACE */
#include "check.h"

static uint16_t volume[12 * PIXELS];
static zstack *stack;
static const char *place;

static void sound(void)
{
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(volume, z, z));
    CHECK(tasks_are(1));
}

/* What the load says of itself, whichever way it was made. */
static void judge(zstack_status status, zstack_report *report, const zstack_error *error)
{
    CHECK_STATUS(INTERNAL, status);
    CHECK_EQ(error->status, ZSTACK_STATUS_INTERNAL);
    CHECK(strstr(error->message, "injected"));
    CHECK(strstr(error->message, place));
    CHECK(report != NULL);
    for (unsigned z = 0; z < 12; z++) {
        zstack_report_slice line = line_of(report, z);
        if (line.state == ZSTACK_STATE_MEASURED)
            CHECK(slice_is(volume, z, z));
        else
            CHECK_EQ(line.state, ZSTACK_STATE_NOT_REACHED);
    }
    CHECK_EQ(line_of(report, (uint64_t)atoi(place)).state, ZSTACK_STATE_NOT_REACHED);
    zstack_report_free(report);
    CHECK(tasks_are(1));
}

static void panics(zstack_load_options options)
{
    zstack_report *report = NULL;
    zstack_job *job = NULL;
    zstack_error error = { .struct_size = sizeof error };
    options.struct_size = sizeof options;
    memset(volume, 0xA5, sizeof volume);
    CHECK_EQ(setenv("ZSTACK_TEST_PANIC_AT", place, 1), 0);
    zstack_status status = zstack_load(stack, &options, volume, sizeof volume, &report, &error);
    judge(status, report, &error);

    report = NULL;
    memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    CHECK_STATUS(OK, zstack_job_wait(job, -1, NULL));
    status = zstack_job_finish(job, &report, &error);
    judge(status, report, &error);
    zstack_job_free(job);

    /* Freed instead of finished. */
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    zstack_job_free(job);
    CHECK(tasks_are(1));

    CHECK_EQ(unsetenv("ZSTACK_TEST_PANIC_AT"), 0);
    sound();
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    place = argv[2];
    stack = open_at(in(argv[1], "grey"));
    sound();
    panics((zstack_load_options){ .workers = 1, .reads_in_flight = 1 });
    panics((zstack_load_options){ .workers = 4, .reads_in_flight = 4 });
    for (int32_t policy = ZSTACK_POLICY_FAIL; policy <= ZSTACK_POLICY_INTERPOLATE; policy++)
        panics((zstack_load_options){ .policy = policy });
    zstack_free(stack);
    return done();
}
