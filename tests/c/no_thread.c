/* The system starts no thread: NO_THREAD, nothing written. It starts some: they
 * do all the work. */
#include "check.h"

#include <dlfcn.h>

static uint16_t volume[12 * PIXELS];
static int left;

int pthread_create(pthread_t *thread, const pthread_attr_t *with, void *(*run)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return left-- > 0 ? real(thread, with, run, argument) : EAGAIN;
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
    /* `verify` does without. */
    zstack_open_options verify = { .struct_size = sizeof verify, .verify = 1, .workers = 4 };
    zstack_free(stack);
    left = 0;
    CHECK_STATUS(OK, zstack_open(in(argv[1], "grey"), &verify, &stack, NULL));
    zstack_free(stack);
    return done();
}
