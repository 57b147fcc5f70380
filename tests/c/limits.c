/* Limits are checked before memory is taken; each can be moved both ways. */
#include "check.h"

#include <sys/resource.h>
#include <sys/wait.h>

enum { MOST_GROWTH_KIB = 32 << 10 };

static const char *root;

static zstack_status opens(const char *name, zstack_open_options options)
{
    zstack *stack = NULL;
    zstack_error error = { .struct_size = sizeof error };
    options.struct_size = sizeof options;
    zstack_status status = zstack_open(in(root, name), &options, &stack, &error);
    CHECK((stack != NULL) == (status == ZSTACK_STATUS_OK));
    if (status != ZSTACK_STATUS_OK)
        CHECK(strlen(error.message) > 0);
    zstack_free(stack);
    return status;
}

#define WITH(...) (zstack_open_options){ __VA_ARGS__ }
#define MANY ((uint64_t)1 << 62)

static long peak_kib(void)
{
    struct rusage usage;
    CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* In a process of its own, whose peak is nobody else's. */
static void takes_little(void (*run)(void))
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        long before = peak_kib();
        run();
        CHECK(peak_kib() - before < MOST_GROWTH_KIB);
        _exit(42);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 42);
}

/* 1e6 x 1e6 of 16 bits is 2 TB: above the default for slices. */
static void claimed(void)
{
    CHECK_STATUS(LIMIT_EXCEEDED, opens("claims/s_0000.tif", WITH(.verify = 0)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("claims", WITH(.verify = 1)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("wide/s_0000.tif", WITH(.verify = 0)));
    /* 100,000 x 100,000 is 20 GB, above 16 GiB; 10,000 x 10,000 is allowed,
     * but its file has no such pixels. */
    CHECK_STATUS(LIMIT_EXCEEDED, opens("claims/s_0001.tif", WITH(.max_files = 0)));
}

/* The limits raised: the claim is looked at, and still no memory is taken before
 * there are bytes to put there. */
static void raised(void)
{
    zstack_status status = opens("claims/s_0000.tif", WITH(.max_dimension = MANY, .max_slice_bytes = MANY));
    CHECK(status != ZSTACK_STATUS_LIMIT_EXCEEDED);
    CHECK(status != ZSTACK_STATUS_INTERNAL);
    CHECK(status != ZSTACK_STATUS_OUT_OF_MEMORY);
}

/* A slice of the stack that turns out to claim too much: its failure only. */
static void one_slice(void)
{
    static uint16_t volume[12 * PIXELS];
    zstack *stack = open_at(in(root, "one_claims"));
    zstack_report *report = NULL;
    CHECK_STATUS(PARTIAL, zstack_load(stack, NULL, volume, sizeof volume, &report, NULL));
    for (unsigned z = 0; z < 12; z++) {
        zstack_report_slice line = line_of(report, z);
        CHECK_EQ(line.status, z == 4 ? ZSTACK_STATUS_LIMIT_EXCEEDED : ZSTACK_STATUS_OK);
        CHECK_EQ(line.attempts, 1);
        CHECK(z == 4 ? slice_has(volume, z, 0) : slice_is(volume, z, z));
    }
    zstack_report_free(report);
    zstack_free(stack);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    root = argv[1];
    CHECK_STATUS(OK, opens("grey", WITH(.max_files = 12)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("grey", WITH(.max_files = 11)));
    CHECK_STATUS(OK, opens("grey", WITH(.max_files = UINT64_MAX)));
    CHECK_STATUS(OK, opens("grey", WITH(.max_dimension = WIDTH)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("grey", WITH(.max_dimension = WIDTH - 1)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("tall", WITH(.max_dimension = WIDTH)));
    CHECK_STATUS(OK, opens("grey", WITH(.max_slice_bytes = SLICE_BYTES)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("grey", WITH(.max_slice_bytes = SLICE_BYTES - 1)));
    CHECK_STATUS(OK, opens("pages.tif", WITH(.max_pages = 5)));
    CHECK_STATUS(LIMIT_EXCEEDED, opens("pages.tif", WITH(.max_pages = 4)));

    const char *paths[3] = { in(root, "grey/s_0000.tif"), in(root, "grey/s_0001.tif"),
                             in(root, "grey/s_0002.tif") };
    zstack *stack = NULL;
    zstack_open_options options = { .struct_size = sizeof options, .max_files = 2 };
    CHECK_STATUS(LIMIT_EXCEEDED, zstack_open_list(paths, 3, &options, &stack, NULL));
    CHECK(stack == NULL);
    CHECK_STATUS(OK, zstack_open_list(paths, 2, &options, &stack, NULL));
    zstack_free(stack);
    takes_little(claimed);
    takes_little(raised);
    takes_little(one_slice);
    return done();
}
