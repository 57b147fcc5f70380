/* The error struct: optional, filled on failure, left alone on success. */
#include "check.h"

#define PATTERN 0x5A

static zstack_error fresh(void)
{
    zstack_error error;
    memset(&error, PATTERN, sizeof error);
    error.struct_size = sizeof error;
    return error;
}

static void untouched(const zstack_error *error)
{
    CHECK_EQ(error->struct_size, sizeof *error);
    CHECK(all_are((const char *)error + sizeof(size_t), sizeof *error - sizeof(size_t), PATTERN));
}

/* A text that ends, is not empty, has no line break at its end. */
static void is_text(const char text[ZSTACK_ERROR_TEXT])
{
    size_t length = strnlen(text, ZSTACK_ERROR_TEXT);
    CHECK(length > 0 && length < ZSTACK_ERROR_TEXT);
    CHECK(text[length - 1] != '\n');
}

static void opening(const char *root)
{
    zstack *stack = NULL;
    zstack_error error = fresh();
    const char *path = in(root, "no such folder");
    CHECK_STATUS(NOT_FOUND, zstack_open(path, NULL, &stack, &error));
    CHECK_EQ(error.struct_size, sizeof error);
    CHECK_EQ(error.status, ZSTACK_STATUS_NOT_FOUND);
    CHECK_EQ(error.os_error, ENOENT);
    CHECK_EQ(error.slice, -1);
    CHECK(strcmp(error.path, path) == 0);
    is_text(error.message);

    /* The number stands in its own field only; nothing lies below a file. */
    CHECK(strstr(error.message, "os error") == NULL);
    path = in(root, "grey/s_0000.tif/below");
    CHECK_STATUS(NOT_FOUND, zstack_open(path, NULL, &stack, &error));
    CHECK_EQ(error.os_error, ENOTDIR);

    /* A folder where a file is needed is called one. */
    const char *folder = in(root, "grey");
    CHECK_STATUS(NOT_A_FILE, zstack_open_list(&folder, 1, NULL, &stack, &error));
    CHECK(strstr(error.message, "a folder") != NULL);

    /* Options that contradict each other, and numbers beyond reason. */
    zstack_open_options options = { .struct_size = sizeof options, .first_number = 20, .last_number = 10 };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(folder, &options, &stack, &error));
    CHECK(strstr(error.message, "first_number, 20") != NULL);
    options = (zstack_open_options){ .struct_size = sizeof options, .verify = 1, .workers = 1025 };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(folder, &options, &stack, &error));

    /* NULL will do. */
    CHECK_STATUS(NOT_FOUND, zstack_open(path, NULL, &stack, NULL));

    /* No system, no path, no slice: told so, nothing left over from before. */
    error = fresh();
    CHECK_STATUS(INVALID_ARGUMENT, zstack_open(NULL, NULL, &stack, &error));
    CHECK_EQ(error.status, ZSTACK_STATUS_INVALID_ARGUMENT);
    CHECK_EQ(error.os_error, 0);
    CHECK_EQ(error.slice, -1);
    CHECK(strcmp(error.path, "") == 0);
    is_text(error.message);

    /* Bytes that are no UTF-8 come back in the path as they are. */
    error = fresh();
    path = in(root, "no\xFF\xC3such\x80");
    CHECK_STATUS(NOT_FOUND, zstack_open(path, NULL, &stack, &error));
    CHECK(strcmp(error.path, path) == 0);

    /* A path longer than the room is cut at its front: the file's name stays. */
    char longer[3000] = "/";
    while (strlen(longer) < 2000)
        strcat(longer, "0123456789/");
    strcat(longer, "the end");
    error = fresh();
    CHECK_STATUS(NOT_FOUND, zstack_open(longer, NULL, &stack, &error));
    CHECK_EQ(strnlen(error.path, ZSTACK_ERROR_TEXT), ZSTACK_ERROR_TEXT - 1);
    CHECK(strcmp(error.path, longer + strlen(longer) - (ZSTACK_ERROR_TEXT - 1)) == 0);
    CHECK(stack == NULL);
}

static void loading(const char *root)
{
    static uint16_t volume[12 * PIXELS];
    zstack *stack = open_at(in(root, "grey"));
    const char *path = in(root, "grey/s_0007.tif");
    CHECK_EQ(unlink(path), 0);

    /* Slice 7 of the stack, though it is the third of this load. */
    zstack_load_options options = { .struct_size = sizeof options, .z_first = 5,
                                    .policy = ZSTACK_POLICY_FAIL };
    zstack_error error = fresh();
    CHECK_STATUS(NOT_FOUND, zstack_load(stack, &options, volume, sizeof volume, NULL, &error));
    CHECK_EQ(error.status, ZSTACK_STATUS_NOT_FOUND);
    CHECK_EQ(error.os_error, ENOENT);
    CHECK_EQ(error.slice, 7);
    CHECK(strcmp(error.path, path) == 0);
    is_text(error.message);

    /* PARTIAL is told in the struct too, with the first slice concerned. */
    options.policy = ZSTACK_POLICY_FILL;
    error = fresh();
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, volume, sizeof volume, NULL, &error));
    CHECK_EQ(error.status, ZSTACK_STATUS_PARTIAL);
    CHECK_EQ(error.slice, 7);
    CHECK(strcmp(error.path, path) == 0);
    is_text(error.message);

    zstack_cancel *cancel = zstack_cancel_new();
    zstack_cancel_request(cancel);
    options.cancel = cancel;
    error = fresh();
    CHECK_STATUS(CANCELLED, zstack_load(stack, &options, volume, sizeof volume, NULL, &error));
    CHECK_EQ(error.status, ZSTACK_STATUS_CANCELLED);
    is_text(error.message);
    zstack_cancel_free(cancel);
    zstack_free(stack);
}

/* OK, PENDING and NO_MORE_EVENTS leave the struct alone. */
static void success(const char *root)
{
    static uint16_t volume[12 * PIXELS];
    zstack_error error = fresh();
    zstack *stack = NULL;
    zstack_job *job = NULL;
    zstack_report *report = NULL;
    zstack_info info = { .struct_size = sizeof info };
    zstack_slice_info slice = { .struct_size = sizeof slice };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack_progress progress = { .struct_size = sizeof progress };
    zstack_slice_event event = { .struct_size = sizeof event };
    zstack_report_totals totals = { .struct_size = sizeof totals };
    zstack_report_slice line = { .struct_size = sizeof line };
    CHECK_STATUS(OK, zstack_open(in(root, "whole"), NULL, &stack, &error));
    CHECK_STATUS(OK, zstack_get_info(stack, &info, &error));
    CHECK_STATUS(OK, zstack_get_slice(stack, 0, &slice, &error));
    CHECK_STATUS(OK, zstack_plan(stack, NULL, &plan, &error));
    CHECK_STATUS(OK, zstack_start(stack, NULL, volume, sizeof volume, &job, &error));
    CHECK_STATUS(OK, zstack_job_poll(job, &progress, &error));
    zstack_status status;
    do
        status = zstack_job_next_event(job, 0, &event, &error);
    while (status == ZSTACK_STATUS_OK || status == ZSTACK_STATUS_PENDING);
    CHECK_STATUS(NO_MORE_EVENTS, status);
    CHECK_STATUS(OK, zstack_job_wait(job, -1, &error));
    CHECK_STATUS(OK, zstack_job_finish(job, &report, &error));
    CHECK_STATUS(OK, zstack_report_get_totals(report, &totals, &error));
    CHECK_STATUS(OK, zstack_report_get_slice(report, 0, &line, &error));
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, &error));
    untouched(&error);
    zstack_report_free(report);
    zstack_job_free(job);
    zstack_free(stack);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    opening(argv[1]);
    success(argv[1]);
    loading(argv[1]);
    return done();
}
