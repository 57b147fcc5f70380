/* Paths: any bytes but NUL, of any length that the system takes. */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

static uint16_t volume[12 * PIXELS];

/* Opens and loads; every text about it is the path, byte for byte. */
static void works(const char *path, unsigned slices)
{
    zstack *stack = open_at(path);
    zstack_report *report = NULL;
    zstack_info info = { .struct_size = sizeof info };
    CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
    CHECK_EQ(info.slices, slices);
    memset(volume, 0xA5, sizeof volume);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, &report, NULL));
    for (unsigned z = 0; z < slices; z++) {
        zstack_slice_info slice = { .struct_size = sizeof slice };
        CHECK_STATUS(OK, zstack_get_slice(stack, z, &slice, NULL));
        CHECK(strncmp(slice.path, path, strlen(path)) == 0);
        CHECK_EQ(access(slice.path, R_OK), 0);
        CHECK(strcmp(line_of(report, z).path, slice.path) == 0);
        CHECK(slice_is(volume, z, z));
    }
    zstack_report_free(report);
    zstack_free(stack);
}

/* A log line and an error about such a file stay one line, and end. */
static void log_line(int32_t level, const char *message, void *count)
{
    CHECK(level > 0 && !strchr(message, '\n'));
    ++*(int *)count;
}

static void failing(const char *root, const char *name)
{
    char path[PATH_MAX];
    int lines = 0;
    zstack *stack = open_at(in(root, name));
    snprintf(path, sizeof path, "%s/%s/s_0001.tif", root, name);
    CHECK_EQ(unlink(path), 0);
    zstack_load_options options = { .struct_size = sizeof options, .policy = ZSTACK_POLICY_FAIL,
                                    .on_log = log_line, .user = &lines };
    zstack_error error = { .struct_size = sizeof error };
    CHECK_STATUS(NOT_FOUND, zstack_load(stack, &options, volume, sizeof volume, NULL, &error));
    CHECK(strcmp(error.path, path) == 0);
    CHECK_EQ(error.slice, 1);
    CHECK(lines > 0);
    zstack_free(stack);
}

/* As deep as PATH_MAX lets a path be given, and one step further. */
static void deep(const char *root)
{
    char path[PATH_MAX + 300], step[201];
    int here = open(".", O_RDONLY);
    zstack *stack = NULL;
    zstack_error error = { .struct_size = sizeof error };
    memset(step, 'd', 200);
    step[200] = 0;
    strcpy(path, in(root, "deep"));
    CHECK(mkdir(path, 0700) == 0 && chdir(path) == 0);
    while (strlen(path) + 201 + strlen("/s_0000.tif") < PATH_MAX) {
        CHECK(mkdir(step, 0700) == 0 && chdir(step) == 0);
        strcat(strcat(path, "/"), step);
    }
    /* Neighbours, by the short way, since the long one has no room for names. */
    CHECK_EQ(link(in(root, "one/s_0000.tif"), "s_0000.tif"), 0);
    CHECK(fchdir(here) == 0);
    CHECK(strlen(path) > 3800);
    works(path, 1);
    strcat(path, "/s_0000.tif");
    works(path, 1);
    while (strlen(path) <= PATH_MAX)
        strcat(path, "/x");
    CHECK_STATUS(NOT_FOUND, zstack_open(path, NULL, &stack, &error));
    CHECK_EQ(error.os_error, ENAMETOOLONG);
    CHECK(strlen(error.path) == ZSTACK_ERROR_TEXT - 1);
    close(here);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    const char *root = argv[1];
    zstack *stack = NULL;
    works(in(root, "with space "), 12);
    works(in(root, "with\nline break"), 12);
    works(in(root, "no\xFF utf\xC3\x28"), 12);
    works(in(root, "no\xFF utf\xC3\x28/s_0000.tif"), 1);
    works(in(root, "gr\xC3\xB6\xC3\x9F" "e \xE5\xB1\x82"), 12);
    works(in(root, "files/\xFF.tif"), 1);
    works(in(root, "files/a b.tif"), 1);
    works(in(root, "files/a\nb.tif"), 1);
    works(in(root, "with space "), 12);
    const char *list[] = { in(root, "files/\xFF.tif"), in(root, "files/a\nb.tif") };
    CHECK_STATUS(OK, zstack_open_list(list, 2, NULL, &stack, NULL));
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, NULL));
    CHECK(slice_is(volume, 0, 0) && slice_is(volume, 1, 0));
    zstack_slice_info slice = { .struct_size = sizeof slice };
    CHECK_STATUS(OK, zstack_get_slice(stack, 1, &slice, NULL));
    CHECK(strcmp(slice.path, list[1]) == 0);
    zstack_free(stack);
    stack = NULL;

    char name[300];
    memset(name, 'n', 256);
    name[256] = 0;
    zstack_error error = { .struct_size = sizeof error };
    CHECK_STATUS(NOT_FOUND, zstack_open(in(root, name), NULL, &stack, &error));
    CHECK_EQ(error.os_error, ENAMETOOLONG);
    name[255] = 0;
    CHECK_STATUS(NOT_FOUND, zstack_open(in(root, name), NULL, &stack, &error));
    CHECK_EQ(error.os_error, ENOENT);
    CHECK(stack == NULL);

    failing(root, "with\nline break");
    failing(root, "no\xFF utf\xC3\x28");
    deep(root);
    return done();
}
