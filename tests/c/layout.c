/* The plan tells the exact bytes; a load writes the samples asked for to where
 * the plan says, and nothing else. */
#include "check.h"

enum { CANARY = 0xC5 };

static zstack *stack;

static zstack_plan_info planned(const zstack_load_options *options)
{
    zstack_plan_info plan = { .struct_size = sizeof plan };
    CHECK_STATUS(OK, zstack_plan(stack, options, &plan, NULL));
    return plan;
}

/* Loads and looks at every byte: samples where they belong, CANARY elsewhere. */
static void loads(const zstack_load_options *options)
{
    zstack_plan_info plan = planned(options);
    size_t bytes = (size_t)plan.buffer_bytes, margin = 4096;
    unsigned char *memory = malloc(bytes + 2 * margin);
    CHECK(memory);
    memset(memory, CANARY, bytes + 2 * margin);
    unsigned char *volume = memory + margin;

    /* One byte less is refused, and nothing is written. */
    CHECK_STATUS(BUFFER_TOO_SMALL, zstack_load(stack, options, volume, bytes - 1, NULL, NULL));
    CHECK(all_are(memory, bytes + 2 * margin, CANARY));
    CHECK_STATUS(OK, zstack_load(stack, options, volume, bytes, NULL, NULL));

    uint64_t step = options->z_step ? options->z_step : 1;
    uint64_t count = options->z_count ? options->z_count : 12 - options->z_first;
    CHECK_EQ(plan.slices, (count - 1) / step + 1);
    CHECK_EQ(plan.width, options->width ? options->width : WIDTH - options->x);
    CHECK_EQ(plan.height, options->height ? options->height : HEIGHT - options->y);
    unsigned char *end = volume + (plan.slices - 1) * plan.slice_stride;
    end += (plan.height - 1) * plan.row_stride + plan.width * 2;
    CHECK_EQ(end - volume, plan.buffer_bytes);

    for (uint64_t z = 0; z < plan.slices; z++)
        for (uint64_t y = 0; y < plan.height; y++)
            for (uint64_t x = 0; x < plan.width; x++) {
                unsigned char *at = volume + z * plan.slice_stride + y * plan.row_stride + x * 2;
                uint16_t value, want;
                want = sample(options->z_first + z * step, options->y + y, options->x + x);
                memcpy(&value, at, 2);
                CHECK_EQ(value, want);
                memset(at, CANARY, 2);
            }
    CHECK(all_are(memory, bytes + 2 * margin, CANARY));
    free(memory);
}

static void refused(zstack_status want, zstack_load_options options)
{
    static unsigned char volume[12 * SLICE_BYTES];
    zstack_plan_info plan = { .struct_size = sizeof plan };
    options.struct_size = sizeof options;
    memset(volume, CANARY, sizeof volume);
    CHECK_EQ(zstack_plan(stack, &options, &plan, NULL), want);
    CHECK_EQ(plan.buffer_bytes, 0);
    /* UINT64_MAX bytes: nothing but the check of the strides keeps it from writing. */
    CHECK_EQ(zstack_load(stack, &options, volume, UINT64_MAX, NULL, NULL), want);
    CHECK(all_are(volume, sizeof volume, CANARY));
}

#define WITH(...) (zstack_load_options){ .struct_size = sizeof(zstack_load_options), __VA_ARGS__ }
#define ROW (WIDTH * 2)

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));

    zstack_info info = { .struct_size = sizeof info };
    CHECK_STATUS(OK, zstack_get_info(stack, &info, NULL));
    CHECK_EQ(info.slices, 12);
    CHECK_EQ(info.width, WIDTH);
    CHECK_EQ(info.height, HEIGHT);
    CHECK_EQ(info.channels, 1);
    CHECK_EQ(info.sample_type, ZSTACK_SAMPLE_TYPE_U16);
    CHECK_EQ(info.sample_bytes, 2);
    CHECK_EQ(info.slice_bytes, SLICE_BYTES);
    zstack_plan_info plan = planned(NULL);
    CHECK_EQ(plan.buffer_bytes, 12 * SLICE_BYTES);
    CHECK_EQ(plan.row_stride, ROW);
    CHECK_EQ(plan.slice_stride, SLICE_BYTES);
    CHECK_EQ(plan.channels, 1);
    CHECK_EQ(plan.sample_bytes, 2);
    CHECK_EQ(plan.sample_type, ZSTACK_SAMPLE_TYPE_U16);

    loads(&WITH(.z_first = 0));
    /* Padded rows, padded slices, both; rows of no whole multiple of the slice. */
    loads(&WITH(.row_stride = ROW + 2));
    loads(&WITH(.slice_stride = SLICE_BYTES + 6));
    loads(&WITH(.row_stride = 128, .slice_stride = 8192));
    loads(&WITH(.row_stride = 128, .slice_stride = 128 * (HEIGHT - 1) + ROW));
    /* Parts, along each axis and all at once. */
    loads(&WITH(.z_first = 3, .z_count = 4));
    loads(&WITH(.z_step = 5));
    loads(&WITH(.z_first = 1, .z_count = 10, .z_step = 3));
    loads(&WITH(.z_first = 11));
    loads(&WITH(.z_step = UINT64_MAX));
    loads(&WITH(.x = 7, .width = 11));
    loads(&WITH(.y = 29));
    loads(&WITH(.x = 39, .y = 29, .width = 1, .height = 1));
    loads(&WITH(.z_first = 2, .z_count = 9, .z_step = 2, .x = 5, .y = 6, .width = 20, .height = 10,
                .row_stride = 64, .slice_stride = 1000));
    /* However many threads. */
    loads(&WITH(.workers = 1, .reads_in_flight = 1));
    loads(&WITH(.workers = 16, .reads_in_flight = 16, .row_stride = 100));

    refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.row_stride = ROW - 2));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.row_stride = 1));
    refused(ZSTACK_STATUS_BUFFER_MISALIGNED, WITH(.row_stride = ROW + 1));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.slice_stride = SLICE_BYTES - 2));
    refused(ZSTACK_STATUS_BUFFER_MISALIGNED, WITH(.slice_stride = SLICE_BYTES + 1));
    refused(ZSTACK_STATUS_INVALID_ARGUMENT, WITH(.row_stride = 128, .slice_stride = 128 * HEIGHT - 128));
    /* Products that wrap around must not look small. */
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.row_stride = UINT64_MAX - 1));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.slice_stride = UINT64_MAX - 1));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.row_stride = UINT64_MAX / 29 + 1 + (UINT64_MAX / 29 + 1) % 2));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.row_stride = UINT64_MAX / 30 + 1 + (UINT64_MAX / 30 + 1) % 2));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.slice_stride = UINT64_MAX / 11 + 1 + (UINT64_MAX / 11 + 1) % 2));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.slice_stride = (uint64_t)1 << 60));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED, WITH(.row_stride = (uint64_t)1 << 63, .height = 1));
    refused(ZSTACK_STATUS_LIMIT_EXCEEDED,
            WITH(.row_stride = UINT64_MAX - 1, .slice_stride = UINT64_MAX - 1));
    zstack_free(stack);
    return done();
}
