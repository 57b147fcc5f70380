/* Handles: free functions take NULL; one stack serves several threads at once;
 * jobs and reports outlive the stack. */
#include "check.h"

#include "reads.h"

enum { THREADS = 4 };

static zstack *stack;
static atomic_uint inside, met;

/* Every load's first read waits until all loads have begun to read: they do run
 * at once. */
static int meet(const char *path)
{
    if (strstr(path, "s_0000")) {
        inside++;
        while (inside < THREADS)
            usleep(100);
        met++;
    }
    return 0;
}

static void *load(void *unused)
{
    (void)unused;
    size_t bytes = 12 * SLICE_BYTES;
    uint16_t *volume = malloc(bytes);
    zstack_report *report = NULL;
    CHECK(volume);
    memset(volume, 0xA5, bytes);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, bytes, &report, NULL));
    zstack_slice_info slice = { .struct_size = sizeof slice };
    CHECK_STATUS(OK, zstack_get_slice(stack, 11, &slice, NULL));
    CHECK(strstr(slice.path, "s_0011.tif"));
    CHECK_EQ(totals_of(report).loaded, 12);
    zstack_report_free(report);
    return volume;
}

static void at_once(void)
{
    pthread_t threads[THREADS];
    on_read = meet;
    for (int n = 0; n < THREADS; n++)
        CHECK_EQ(pthread_create(&threads[n], NULL, load, NULL), 0);
    for (int n = 0; n < THREADS; n++) {
        void *volume;
        CHECK_EQ(pthread_join(threads[n], &volume), 0);
        for (unsigned z = 0; z < 12; z++)
            CHECK(slice_is(volume, z, z));
        free(volume);
    }
    CHECK_EQ(met, THREADS);
    on_read = NULL;
}

/* The stack is freed while a job loads from it; the report's texts stay. */
static void outlived(const char *root)
{
    static uint16_t volume[12 * PIXELS];
    zstack *mine = open_at(in(root, "grey"));
    zstack_job *job = NULL;
    zstack_report *report = NULL;
    gate_shut(2);
    CHECK_STATUS(OK, zstack_start(mine, NULL, volume, sizeof volume, &job, NULL));
    gate_await();
    zstack_free(mine);
    gate_open();
    CHECK_STATUS(OK, zstack_job_finish(job, &report, NULL));
    zstack_job_free(job);
    for (unsigned z = 0; z < 12; z++) {
        CHECK(slice_is(volume, z, z));
        char name[32];
        snprintf(name, sizeof name, "/grey/s_%04u.tif", z);
        zstack_report_slice line = line_of(report, z);
        CHECK(strcmp(line.path, in(root, name + 1)) == 0);
        CHECK(line.message == NULL);
    }
    zstack_report_free(report);
    on_read = NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    zstack_free(NULL);
    zstack_job_free(NULL);
    zstack_report_free(NULL);
    zstack_cancel_free(NULL);
    zstack_cancel_request(NULL);
    zstack_job_cancel(NULL);
    CHECK_EQ(zstack_cancel_is_requested(NULL), 0);

    stack = open_at(in(argv[1], "grey"));
    at_once();
    zstack_free(stack);
    outlived(argv[1]);
    return done();
}
