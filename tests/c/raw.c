/* Raw samples by the open options: 12 slices behind 5 bytes, highest byte first. */
#include "check.h"

#include <stddef.h>

static uint16_t volume[12 * PIXELS];
static const char *path, *folder;

static zstack_open_options raw(void)
{
    return (zstack_open_options){ .struct_size = sizeof(zstack_open_options),
                                  .raw_sample_type = ZSTACK_SAMPLE_TYPE_U16,
                                  .raw_width = WIDTH,
                                  .raw_height = HEIGHT,
                                  .raw_offset = 5,
                                  .raw_big_endian = 1 };
}

static zstack *opened(const char *what, zstack_open_options options, uint64_t slices)
{
    zstack *stack = NULL;
    zstack_info info = { .struct_size = sizeof info };
    CHECK_STATUS(OK, zstack_open(what, &options, &stack, NULL));
    CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
    CHECK_EQ(info.slices, slices);
    CHECK_EQ(info.width, WIDTH);
    CHECK_EQ(info.height, HEIGHT);
    CHECK_EQ(info.sample_type, ZSTACK_SAMPLE_TYPE_U16);
    CHECK_EQ(info.format, ZSTACK_FORMAT_RAW);
    CHECK_EQ(info.bits_stored, 16);
    CHECK_EQ(info.orientation, 1);
    return stack;
}

static void loads(zstack *stack)
{
    memset(volume, 0xC5, sizeof volume);
    CHECK_STATUS(OK, zstack_load(stack, NULL, volume, sizeof volume, NULL, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(volume, z, z));
}

static void refused(zstack_status want, zstack_open_options options)
{
    zstack *stack = NULL;
    zstack_error error = { .struct_size = sizeof error };
    CHECK_EQ(zstack_open(path, &options, &stack, &error), want);
    CHECK(stack == NULL);
    CHECK(strlen(error.message) > 0);
}

#define RAW(field, value) with(raw(), offsetof(zstack_open_options, field), value, sizeof raw().field)

static zstack_open_options with(zstack_open_options options, size_t offset, uint64_t value, size_t size)
{
    /* The low bytes of a number come first on every machine that runs this. */
    memcpy((char *)&options + offset, &value, size);
    return options;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    path = in(argv[1], "volume.vol");
    folder = in(argv[1], "slices");

    /* As many as there are: one byte is left. */
    zstack *stack = opened(path, raw(), 12);
    loads(stack);
    zstack_info info = { .struct_size = sizeof info };
    CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
    CHECK_EQ(info.rejected, 1);
    CHECK_EQ(info.one_file, 1);
    zstack_rejected_info rejected = { .struct_size = sizeof rejected };
    CHECK_STATUS(OK, zstack_get_rejected(stack, 0, &rejected, NULL));
    CHECK_EQ(rejected.page, 12);
    zstack_slice_info slice = { .struct_size = sizeof slice };
    CHECK_STATUS(OK, zstack_get_slice(stack, 7, &slice, NULL));
    CHECK(strcmp(slice.path, path) == 0);
    CHECK_EQ(slice.page, 7);
    zstack_free(stack);

    /* More than there are: the last ones are cut off. */
    stack = opened(path, RAW(raw_slices, 14), 14);
    static uint16_t more[14 * PIXELS];
    zstack_report *report = NULL;
    CHECK_STATUS(PARTIAL, zstack_load(stack, NULL, more, sizeof more, &report, NULL));
    for (unsigned z = 0; z < 12; z++)
        CHECK(slice_is(more, z, z));
    for (unsigned z = 12; z < 14; z++) {
        CHECK(slice_has(more, z, 0));
        CHECK_EQ(line_of(report, z).status, ZSTACK_STATUS_TRUNCATED);
    }
    zstack_report_free(report);
    zstack_free(stack);

    stack = opened(folder, raw(), 12);
    loads(stack);
    zstack_free(stack);

    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_sample_type, 0));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_sample_type, 12));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_sample_type, UINT32_MAX));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_width, 0));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_height, 0));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_channels, 65536));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, RAW(raw_big_endian, 2));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, RAW(raw_width, UINT32_MAX));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, RAW(raw_slices, UINT64_MAX));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, RAW(raw_slices, 1000001));
    refused(ZSTACK_STATUS_TRUNCATED, RAW(raw_offset, UINT64_MAX));
    refused(ZSTACK_STATUS_TRUNCATED, RAW(raw_height, 1 << 20));
    /* Each of them alone says too little. */
    static const size_t fields[] = { offsetof(zstack_open_options, raw_offset),
                                     offsetof(zstack_open_options, raw_slices),
                                     offsetof(zstack_open_options, raw_width),
                                     offsetof(zstack_open_options, raw_height),
                                     offsetof(zstack_open_options, raw_channels),
                                     offsetof(zstack_open_options, raw_big_endian) };
    for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
        zstack_open_options alone = { .struct_size = sizeof alone };
        refused(ZSTACK_STATUS_INVALID_ARGUMENT, with(alone, fields[i], 1, 4));
    }
    /* A caller that was built before there were any. */
    zstack_open_options old = raw();
    old.struct_size = offsetof(zstack_open_options, channel);
    refused(ZSTACK_STATUS_UNSUPPORTED, old);
    return done();
}
