/* Structs that grow: shorter and longer ones than the library's own, for every
 * struct that a caller passes. */
#include "check.h"

#include <stddef.h>

enum { LONGEST = 64 * 1024, CANARY = 0xC5 };

static zstack *stack;
static zstack_report *report;
static zstack_job *job;
static const char *folder, *file;
static uint16_t volume[12 * PIXELS];

/* Calls that take a struct to read. */
static zstack_status open_with(void *options)
{
    zstack *opened = NULL;
    zstack_status status = zstack_open(folder, options, &opened, NULL);
    CHECK((opened != NULL) == (status == ZSTACK_STATUS_OK));
    zstack_free(opened);
    return status;
}

static zstack_status list_with(void *options)
{
    zstack *opened = NULL;
    zstack_status status = zstack_open_list(&file, 1, options, &opened, NULL);
    CHECK((opened != NULL) == (status == ZSTACK_STATUS_OK));
    zstack_free(opened);
    return status;
}

static zstack_status load_with(void *options)
{
    memset(volume, CANARY, sizeof volume);
    zstack_status status = zstack_load(stack, options, volume, sizeof volume, NULL, NULL);
    CHECK(all_are(volume, sizeof volume, CANARY) == (status != ZSTACK_STATUS_OK));
    return status;
}

static zstack_status start_with(void *options)
{
    zstack_job *started = NULL;
    memset(volume, CANARY, sizeof volume);
    zstack_status status = zstack_start(stack, options, volume, sizeof volume, &started, NULL);
    CHECK((started != NULL) == (status == ZSTACK_STATUS_OK));
    if (started)
        CHECK_STATUS(OK, zstack_job_finish(started, NULL, NULL));
    zstack_job_free(started);
    CHECK(all_are(volume, sizeof volume, CANARY) == (status != ZSTACK_STATUS_OK));
    return status;
}

static zstack_status plan_with(void *options)
{
    zstack_plan_info plan = { .struct_size = sizeof plan };
    return zstack_plan(stack, options, &plan, NULL);
}

/* Calls that fill a struct. */
static zstack_status info(void *out) { return zstack_get_info(stack, out, NULL); }
static zstack_status slice(void *out) { return zstack_get_slice(stack, 5, out, NULL); }
static zstack_status plan(void *out) { return zstack_plan(stack, NULL, out, NULL); }
static zstack_status totals(void *out) { return zstack_report_get_totals(report, out, NULL); }
static zstack_status line(void *out) { return zstack_report_get_slice(report, 5, out, NULL); }
static zstack_status progress(void *out) { return zstack_job_poll(job, out, NULL); }
static zstack_status rejected(void *out) { return zstack_get_rejected(stack, 0, out, NULL); }
static zstack_status voxel(void *out) { return zstack_get_voxel(stack, out, NULL); }
static zstack_status axes(void *out) { return zstack_get_axes(stack, out, NULL); }
static zstack_status gap(void *out) { return zstack_get_gap(stack, 0, out, NULL); }
static zstack_status event(void *out) { return zstack_job_next_event(job, 0, out, NULL); }
static zstack_status error(void *out)
{
    zstack *opened = (void *)folder;
    zstack_status status = zstack_open("no such file", NULL, &opened, out);
    CHECK(opened == (void *)folder);
    return status;
}

static size_t *memory;

/* A struct of `size` bytes, all CANARY behind its size; the rest too. */
static void lay(size_t size, int fill)
{
    memset(memory, CANARY, 2 * LONGEST);
    if (size >= sizeof(size_t) && size <= LONGEST + 1)
        memset(memory, fill, size);
    *memory = size;
}

static const size_t wrong[] = { 0, 1, 7, 8, LONGEST + 1, SIZE_MAX, SIZE_MAX / 2 };

/* Options: short ones read as zero beyond, long ones must end in zeros. */
static void reads(zstack_status (*call)(void *), size_t own)
{
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        lay(wrong[i], 0);
        CHECK_STATUS(STRUCT_SIZE, call(memory));
    }
    /* What lies behind a short struct is no option: read, it would be garbage. */
    for (size_t size = 16; size <= own; size += 8) {
        lay(size, 0);
        CHECK_STATUS(OK, call(memory));
    }
    static const size_t more[] = { 1, 4, 8, 1000 };
    for (unsigned i = 0; i < 4; i++) {
        lay(own + more[i], 0);
        CHECK_STATUS(OK, call(memory));
        ((char *)memory)[own + more[i] - 1] = 1;
        CHECK_STATUS(STRUCT_SIZE, call(memory));
        lay(own + more[i], 0);
        ((char *)memory)[own] = (char)0x80;
        CHECK_STATUS(STRUCT_SIZE, call(memory));
    }
    lay(LONGEST, 0);
    CHECK_STATUS(OK, call(memory));
    CHECK_STATUS(OK, call(NULL));
    CHECK_STATUS(INVALID_ARGUMENT, call((char *)memory + 1));
}

/* Structs to fill: `status` is what the call returns with a good one. */
static void fills(zstack_status (*call)(void *), size_t own, zstack_status status)
{
    static char full[4096];
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        lay(wrong[i], 0);
        CHECK_STATUS(STRUCT_SIZE, call(memory));
        CHECK(all_are((char *)memory + 8, LONGEST - 7, wrong[i] == LONGEST + 1 ? 0 : CANARY));
    }
    lay(own, 0x7E);
    CHECK_EQ(call(memory), status);
    CHECK_EQ(*memory, own);
    CHECK(own == 8 || !all_are(memory + 1, own - 8, 0x7E));
    CHECK(all_are((char *)memory + own, LONGEST, CANARY));
    memcpy(full, memory, own);
    for (size_t size = 16; size < own; size += 4) {
        lay(size, 0x7E);
        CHECK_EQ(call(memory), status);
        CHECK_EQ(*memory, size);
        CHECK(all_are((char *)memory + size, 4096, CANARY));
        /* The fields it does have are those of the whole struct; the last byte
         * may end a text. */
        CHECK(memcmp(memory + 1, full + 8, size - 9) == 0);
    }
    for (size_t more = 8; more < 100; more += 8) {
        lay(own + more, 0);
        CHECK_EQ(call(memory), status);
        CHECK_EQ(*memory, own + more);
        CHECK(memcmp(memory + 1, full + 8, own - 8) == 0);
        CHECK(all_are((char *)memory + own, more, 0));
        lay(own + more, 0);
        ((char *)memory)[own + more - 1] = 1;
        CHECK_STATUS(STRUCT_SIZE, call(memory));
        CHECK(all_are(memory + 1, own - 8, 0));
    }
    lay(own, 0);
    memmove((char *)memory + 1, memory, own);
    CHECK_STATUS(INVALID_ARGUMENT, call((char *)memory + 1));
}

/* Refused before anything is handed out, and each form of an event counts once. */
static void events(void)
{
    CHECK_STATUS(OK, zstack_start(stack, NULL, volume, sizeof volume, &job, NULL));
    zstack_job_cancel(job);
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        lay(wrong[i], 0);
        CHECK_STATUS(STRUCT_SIZE, event(memory));
    }
    zstack_job_free(job);
    CHECK_STATUS(OK, zstack_start(stack, NULL, volume, sizeof volume, &job, NULL));
    while (lay(sizeof(zstack_progress), 0), progress(memory), !((zstack_progress *)(void *)memory)->done)
        usleep(100);
    lay(sizeof(zstack_slice_event) + 8, 1);
    CHECK_STATUS(STRUCT_SIZE, event(memory));
    for (unsigned n = 0; n < 12; n++) {
        lay(16, 0x7E);
        CHECK_STATUS(OK, event(memory));
        CHECK(memory[1] < 12);
        CHECK(all_are(memory + 2, 4096, CANARY));
    }
    lay(sizeof(zstack_slice_event), 0);
    CHECK_STATUS(NO_MORE_EVENTS, event(memory));
    CHECK_STATUS(OK, zstack_job_finish(job, NULL, NULL));
}

/* A short error struct ends its text all the same. */
static void short_error(void)
{
    for (size_t size = offsetof(zstack_error, path) + 1; size < sizeof(zstack_error); size++) {
        lay(size, 0x7E);
        CHECK_STATUS(NOT_FOUND, error(memory));
        zstack_error *at = (void *)memory;
        int in_message = size > offsetof(zstack_error, message);
        const char *text = in_message ? at->message : at->path;
        size_t room = (size_t)((const char *)memory + size - text);
        CHECK(strnlen(text, room) < room);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    memory = malloc(2 * LONGEST);
    CHECK(memory);
    folder = in(argv[1], "grey");
    file = in(argv[1], "grey/s_0003.tif");
    stack = open_at(folder);
    reads(open_with, sizeof(zstack_open_options));
    reads(list_with, sizeof(zstack_open_options));
    reads(load_with, sizeof(zstack_load_options));
    reads(start_with, sizeof(zstack_load_options));
    reads(plan_with, sizeof(zstack_load_options));

    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, &report, NULL));
    events();
    fills(info, sizeof(zstack_info), ZSTACK_STATUS_OK);
    fills(slice, sizeof(zstack_slice_info), ZSTACK_STATUS_OK);
    fills(plan, sizeof(zstack_plan_info), ZSTACK_STATUS_OK);
    fills(totals, sizeof(zstack_report_totals), ZSTACK_STATUS_OK);
    fills(line, sizeof(zstack_report_slice), ZSTACK_STATUS_OK);
    fills(progress, sizeof(zstack_progress), ZSTACK_STATUS_OK);
    fills(error, sizeof(zstack_error), ZSTACK_STATUS_NOT_FOUND);
    short_error();
    zstack_job_free(job);
    zstack_report_free(report);
    zstack_free(stack);

    /* A gap and a file left out. */
    stack = open_at(in(argv[1], "gaps"));
    fills(rejected, sizeof(zstack_rejected_info), ZSTACK_STATUS_OK);
    fills(voxel, sizeof(zstack_voxel_info), ZSTACK_STATUS_OK);
    fills(axes, sizeof(zstack_axes_info), ZSTACK_STATUS_OK);
    fills(gap, sizeof(zstack_gap_info), ZSTACK_STATUS_OK);
    zstack_free(stack);
    free(memory);
    return done();
}
