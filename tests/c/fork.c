/* fork at any time outside a load: child and parent both load. */
#include "check.h"

#include <sys/wait.h>

static zstack *stack;
static uint16_t volume[12 * PIXELS];

static void loads(void)
{
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(volume, z, z));
}

/* A child that loads, from the inherited stack and from one of its own. */
static void child_loads(const char *folder)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(60); /* a hang ends, with another status than 42 */
        CHECK(tasks_are(1));
        loads();
        zstack_free(stack);
        stack = open_at(folder);
        loads();
        zstack_free(stack);
        CHECK(tasks_are(1));
        _exit(42);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 42);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    const char *folder = in(argv[1], "grey");
    stack = open_at(folder);
    child_loads(folder); /* idle: opened, never loaded */
    loads();
    child_loads(folder);
    zstack_job *job = NULL;
    CHECK_STATUS(OK, zstack_start(stack, NULL, volume, sizeof volume, &job, NULL));
    CHECK_STATUS(OK, zstack_job_finish(job, NULL, NULL));
    child_loads(folder); /* a finished job is held */
    zstack_job_free(job);
    for (int round = 0; round < 20; round++) {
        child_loads(folder);
        loads();
    }
    zstack_free(stack);
    return done();
}
