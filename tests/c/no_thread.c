/* The system starts no thread: NO_THREAD, nothing written. It starts some: they
 * do all the work. */
#include "check.h"

#include <dlfcn.h>

static uint16_t volume[12 * PIXELS];
static int left, late;

int pthread_create(pthread_t *thread, const pthread_attr_t *with, void *(*run)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (left-- > 0)
        return real(thread, with, run, argument);
    /* Refused late, when the others have done all the work and gone. */
    CHECK(!late || tasks_are(1));
    return EAGAIN;
}

/* Threads are refused after the one that was granted has ended: what is left to
 * do at the end of a load is done all the same. */
static void refused_late(const zstack *stack)
{
    zstack_load_options options = { .struct_size = sizeof options, .workers = 4, .reads_in_flight = 4,
                                    .policy = ZSTACK_POLICY_INTERPOLATE };
    zstack_report *report = NULL;
    late = 1;
    left = 1;
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, sizeof volume, &report, NULL));
    for (unsigned z = 0; z < 12; z++) {
        CHECK(slice_is(volume, z, z));
        CHECK_EQ(line_of(report, z).place, z);
        CHECK_EQ(line_of(report, z).state, z == 5 ? ZSTACK_STATE_REPAIRED : ZSTACK_STATE_MEASURED);
    }
    zstack_report_free(report);
    late = 0;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    zstack *stack = open_at(in(argv[1], "grey"));
    zstack_load_options options = { .struct_size = sizeof options, .workers = 4, .reads_in_flight = 4 };
    zstack_report *report = NULL;
    zstack_job *job = NULL;
    zstack_error error = { .struct_size = sizeof error };
    memset(volume, 0xA5, sizeof volume);
    left = 0;
    CHECK_STATUS(NO_THREAD, zstack_load(stack, &options, volume, sizeof volume, &report, &error));
    CHECK_EQ(error.os_error, EAGAIN);
    CHECK_STATUS(NO_THREAD, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    CHECK(report == NULL && job == NULL);
    CHECK(all_are(volume, sizeof volume, 0xA5));

    for (int some = 1; some < 8; some += 3) {
        left = some;
        CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
        for (unsigned z = 0; z < 12; z++)
            CHECK(slice_is(volume, z, z));
        memset(volume, 0xA5, sizeof volume);
    }
    CHECK_EQ(unlink(in(argv[1], "grey/s_0005.tif")), 0);
    refused_late(stack);

    /* `verify` does without. */
    zstack_open_options verify = { .struct_size = sizeof verify, .verify = 1, .workers = 4 };
    zstack_free(stack);
    left = 0;
    CHECK_STATUS(OK, zstack_open(in(argv[1], "grey"), &verify, &stack, NULL));
    zstack_free(stack);
    return done();
}
