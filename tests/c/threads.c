/* No thread of the library lives outside a load: every one that is started is
 * joined before the call returns that ends the load, however it ends. */
#include "check.h"

#include <dlfcn.h>

#include "reads.h"

enum { SLICES = 12 };

static uint16_t volume[SLICES * PIXELS];
static atomic_int started, joined, detached;

/* The program's own come first; they count, and call the C library's. */
int pthread_create(pthread_t *thread, const pthread_attr_t *with, void *(*run)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    int code = real(thread, with, run, argument);
    started += code == 0;
    return code;
}

int pthread_join(pthread_t thread, void **result)
{
    int (*real)(pthread_t, void **);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_join");
    int code = real(thread, result);
    joined += code == 0;
    return code;
}

int pthread_detach(pthread_t thread)
{
    int (*real)(pthread_t);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_detach");
    detached++;
    return real(thread);
}

/* All that were started since are joined, `least` of them or more. */
static void none_left(int *since, int least)
{
    CHECK_EQ(detached, 0);
    CHECK_EQ(joined, started);
    CHECK(started - *since >= least);
    CHECK(tasks_are(1));
    *since = started;
}

static int fail(const char *path)
{
    (void)path;
    return EACCES;
}

static int32_t stop(const zstack_slice_event *event, void *user)
{
    return event && !user;
}

static void loads(const char *folder)
{
    int since = started;
    zstack *stack = open_at(folder);
    zstack_load_options options = { .struct_size = sizeof options, .workers = 5, .reads_in_flight = 3 };
    none_left(&since, 0);

    zstack_plan_info plan = { .struct_size = sizeof plan };
    CHECK_STATUS(OK, zstack_plan(stack, &options, &plan, NULL));
    none_left(&since, 0);
    CHECK(plan.threads > 1);
    CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    CHECK_EQ(started - since, plan.threads);
    none_left(&since, 1);

    zstack_cancel *cancel = zstack_cancel_new();
    zstack_cancel_request(cancel);
    options.cancel = cancel;
    CHECK_STATUS(CANCELLED, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    none_left(&since, 1);
    options.cancel = NULL;
    zstack_cancel_free(cancel);

    options.on_slice = stop;
    zstack_status status = zstack_load(stack, &options, volume, sizeof volume, NULL, NULL);
    CHECK(status == ZSTACK_STATUS_CANCELLED || status == ZSTACK_STATUS_OK);
    none_left(&since, 1);
    options.on_slice = NULL;

    /* Each way to fail. */
    on_read = fail;
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    none_left(&since, 1);
    options.policy = ZSTACK_POLICY_FAIL;
    CHECK_STATUS(PERMISSION_DENIED, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
    none_left(&since, 1);
    on_read = NULL;
    CHECK_STATUS(BUFFER_TOO_SMALL, zstack_load(stack, &options, volume, 1, NULL, NULL));
    none_left(&since, 0);

    zstack_job *job = NULL;
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    CHECK_STATUS(OK, zstack_job_finish(job, NULL, NULL));
    /* Before the handle is freed. */
    none_left(&since, 1);
    zstack_job_free(job);
    CHECK_STATUS(OK, zstack_start(stack, &options, volume, sizeof volume, &job, NULL));
    zstack_job_free(job);
    none_left(&since, 1);
    zstack_free(stack);
}

/* Looks at the headers in parallel, and is done with its threads. */
static void verify(const char *folder)
{
    int since = started;
    zstack *stack = NULL;
    zstack_open_options options = { .struct_size = sizeof options, .verify = 1, .workers = 4 };
    for (int round = 0; round < 20; round++) {
        CHECK_STATUS(OK, zstack_open(folder, &options, &stack, NULL));
        none_left(&since, 3);
        zstack_free(stack);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *folder = in(argv[1], "grey");
    if (!strcmp(argv[2], "verify"))
        verify(folder);
    else
        loads(folder);
    return done();
}
