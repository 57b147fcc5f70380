/* Slices large enough to be shared among threads, several runs of work each:
 * one of them stopped half-way is not reached, and no cause of its own. */
#include "check.h"

#include "reads.h"

enum { SLICES = 3, SIDE = 3000 };

static uint16_t *volume;
static size_t bytes;

static int is_whole(unsigned place, unsigned z)
{
    const uint16_t *at = volume + (size_t)place * SIDE * SIDE;
    for (unsigned y = 0; y < SIDE; y++)
        for (unsigned x = 0; x < SIDE; x++)
            if (*at++ != sample(z, y, x))
                return 0;
    return 1;
}

static void whole(zstack *stack)
{
    for (uint32_t workers = 1; workers < 6; workers += 2) {
        zstack_load_options options = { .struct_size = sizeof options, .workers = workers,
                                        .reads_in_flight = 2 };
        memset(volume, 0xC5, bytes);
        zstack_error error = { .struct_size = sizeof error };
        zstack_status status = zstack_load(stack, &options, volume, bytes, NULL, &error);
        if (status != ZSTACK_STATUS_OK)
            fprintf(stderr, "%s\n", error.message);
        CHECK_STATUS(OK, status);
        for (unsigned z = 0; z < SLICES; z++)
            CHECK(is_whole(z, z));
    }
}

static int32_t policy_of_round(unsigned round)
{
    return (int32_t)(round % 4);
}

/* Cancelled at one moment after another. */
static void cancelled(zstack *stack)
{
    for (unsigned round = 0; round < 40; round++) {
        zstack_cancel *cancel = zstack_cancel_new();
        zstack_job *job = NULL;
        zstack_report *report = NULL;
        zstack_load_options options = { .struct_size = sizeof options, .workers = 1 + round % 3,
                                        .reads_in_flight = 2, .cancel = cancel,
                                        .policy = policy_of_round(round) };
        memset(volume, 0xC5, bytes);
        gate_shut(round / 4);
        CHECK_STATUS(OK, zstack_start(stack, &options, volume, bytes, &job, NULL));
        if (zstack_job_wait(job, 20 * (round % 5), NULL) == ZSTACK_STATUS_PENDING)
            zstack_cancel_request(cancel);
        gate_open();
        zstack_status status = zstack_job_finish(job, &report, NULL);
        unsigned good = 0;
        for (unsigned z = 0; z < SLICES; z++) {
            zstack_report_slice line = line_of(report, z);
            CHECK_EQ(line.slice, z);
            if (line.state == ZSTACK_STATE_MEASURED) {
                CHECK(is_whole(z, z));
                CHECK_EQ(line.status, ZSTACK_STATUS_OK);
                good++;
            } else {
                CHECK_EQ(line.state, ZSTACK_STATE_NOT_REACHED);
                CHECK(!is_whole(z, z));
            }
        }
        CHECK_EQ(status, good == SLICES ? ZSTACK_STATUS_OK : ZSTACK_STATUS_CANCELLED);
        zstack_report_totals totals = totals_of(report);
        CHECK_EQ(totals.loaded, good);
        CHECK_EQ(totals.failed, 0);
        CHECK_EQ(totals.not_reached, SLICES - good);
        zstack_report_free(report);
        zstack_job_free(job);
        zstack_cancel_free(cancel);
    }
    on_read = NULL;
}

/* Reads of the first slice go on slowly while the second turns out to be gone:
 * the load's status is the second's own. */
static int slow_first(const char *path)
{
    if (strstr(path, "s_0000"))
        usleep(2000);
    return 0;
}

static void fails(zstack *stack, const char *second)
{
    CHECK_EQ(unlink(second), 0);
    on_read = slow_first;
    for (unsigned round = 0; round < 20; round++) {
        zstack_report *report = NULL;
        zstack_error error = { .struct_size = sizeof error };
        zstack_load_options options = { .struct_size = sizeof options, .workers = 2, .reads_in_flight = 2,
                                        .policy = ZSTACK_POLICY_FAIL };
        CHECK_STATUS(NOT_FOUND, zstack_load(stack, &options, volume, bytes, &report, &error));
        CHECK_EQ(error.slice, 1);
        CHECK_EQ(line_of(report, 1).status, ZSTACK_STATUS_NOT_FOUND);
        CHECK_EQ(line_of(report, 1).state, ZSTACK_STATE_MISSING);
        zstack_report_slice first = line_of(report, 0);
        CHECK(first.state == ZSTACK_STATE_NOT_REACHED || first.state == ZSTACK_STATE_MEASURED);
        CHECK(first.state != ZSTACK_STATE_MEASURED || is_whole(0, 0));
        CHECK_EQ(totals_of(report).failed, 1);
        zstack_report_free(report);
    }
    on_read = NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    bytes = (size_t)SLICES * SIDE * SIDE * 2;
    volume = malloc(bytes);
    CHECK(volume);
    zstack *stack = open_at(in(argv[1], "large"));
    if (!strcmp(argv[2], "whole"))
        whole(stack);
    else if (!strcmp(argv[2], "cancelled"))
        cancelled(stack);
    else
        fails(stack, in(argv[1], "large/s_0001.tif"));
    zstack_free(stack);
    free(volume);
    return done();
}
