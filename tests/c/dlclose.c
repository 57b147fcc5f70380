/* A plug-in host: loads the library, a stack with it, and unloads it, from one
 * short-lived thread after another.
 *
 *     dlclose LIBRARY STACK ROUNDS */
#ifndef NO_LINK
#define NO_LINK
#endif
#include "check.h"

#include <dlfcn.h>

static const char *library, *folder;
static void *left_open;

static const zstack_api *get_api(void *handle)
{
    const zstack_api *(*get)(uint32_t);
    *(void **)&get = dlsym(handle, "zstack_get_api");
    CHECK(get != NULL);
    return get(ZSTACK_ABI);
}

static int32_t cancels(const zstack_slice_event *event, void *user)
{
    (void)user;
    return event->slice == 1;
}

static void *round_of(void *number)
{
    int n = *(int *)number;
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    CHECK(handle != NULL);
    const zstack_api *api = get_api(handle);
    CHECK(api != NULL && api->struct_size >= sizeof *api);
    zstack *stack = NULL;
    zstack_report *report = NULL;
    zstack_open_options verify = { .struct_size = sizeof verify, .verify = n % 3 == 0, .workers = 3 };
    CHECK_EQ(api->open(folder, &verify, &stack, NULL), ZSTACK_STATUS_OK);
    uint16_t *volume = malloc(12 * SLICE_BYTES);
    CHECK(volume);
    zstack_load_options options = { .struct_size = sizeof options, .workers = 3, .reads_in_flight = 2 };
    switch (n % 4) {
    case 0:
    case 1:
        CHECK_EQ(api->load(stack, &options, volume, 12 * SLICE_BYTES, &report, NULL), ZSTACK_STATUS_OK);
        for (unsigned z = 0; z < 12; z++)
            CHECK(slice_is(volume, z, z));
        break;
    case 2:
        options.on_slice = cancels;
        CHECK(api->load(stack, &options, volume, 12 * SLICE_BYTES, &report, NULL) <= ZSTACK_STATUS_CANCELLED);
        break;
    default: {
        zstack_job *job = NULL;
        CHECK_EQ(api->start(stack, &options, volume, 12 * SLICE_BYTES, &job, NULL), ZSTACK_STATUS_OK);
        api->job_free(job);
        break;
    }
    }
    api->report_free(report);
    if (n % 3 == 2) {
        /* The last thing before the library goes: a parallel look at the headers. */
        api->free(stack);
        verify.verify = 1;
        CHECK_EQ(api->open(folder, &verify, &stack, NULL), ZSTACK_STATUS_OK);
    }
    api->free(stack);
    free(volume);
    if (n % 2)
        left_open = handle;
    else
        CHECK_EQ(dlclose(handle), 0);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    library = argv[1];
    folder = argv[2];
    int rounds = atoi(argv[3]);
    CHECK(rounds > 0);
    for (int n = 0; n < rounds; n++) {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, round_of, &n), 0);
        CHECK_EQ(pthread_join(thread, NULL), 0);
        CHECK(tasks_are(1));
        /* A thread that closes keeps the code until it has ended; closed from
         * here, where nothing ran, the library is gone, not merely let go. */
        if (left_open) {
            CHECK_EQ(dlclose(left_open), 0);
            left_open = NULL;
            CHECK(dlopen(library, RTLD_NOW | RTLD_NOLOAD) == NULL);
        }
    }
    return done();
}
