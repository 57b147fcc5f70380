/* zstack-load PATH [OUT_PREFIX]
 *
 * Tells what is at PATH, loads it with a progress bar, and reports every slice
 * that is not as measured. With OUT_PREFIX it leaves two pictures of the volume:
 * OUT_PREFIX-xy.png, the middle slice, and OUT_PREFIX-xz.png, the section
 * through the middle row of all slices.
 *
 * Ends with 0 when the volume is loaded, also where slices had to be repaired;
 * 1 when it is not, 2 when called wrongly, 130 after Ctrl-C. */

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "png.h"
#include "zstack.h"

static zstack_error error = { .struct_size = sizeof error };

static int fail(zstack_status status)
{
    fprintf(stderr, "zstack-load: %s: %s\n", zstack_status_name(status), error.message);
    if (status == ZSTACK_STATUS_AMBIGUOUS)
        fputs("zstack-load: a pattern chooses one family: zstack-load 'scan/left_*.tif'\n", stderr);
    return status == ZSTACK_STATUS_CANCELLED ? 130 : EXIT_FAILURE; /* 130: as shells say it */
}

/* ---- What is there ---- */

static zstack_status print_stack(const zstack *stack, const char *path)
{
    zstack_info info = { .struct_size = sizeof info };
    zstack_status status = zstack_get_info(stack, &info, &error);
    if (status != ZSTACK_STATUS_OK)
        return status;

    printf("%s\n", path);
    printf("  shape     %" PRIu32 " x %" PRIu32 " x %" PRIu64, info.width, info.height, info.slices);
    if (info.channels != 1)
        printf(", %" PRIu32 " channels", info.channels);
    printf("\n  samples   %s, %s", zstack_sample_type_name(info.sample_type),
           zstack_photometric_name(info.photometric));
    if (info.bits_stored != 8 * info.sample_bytes)
        printf(", %" PRIu32 " bits in the file", info.bits_stored);
    printf("\n  files     %s%s\n", zstack_format_name(info.format),
           info.one_file ? ", one file of many pages" : "");
    printf("  storage   %s\n", zstack_storage_name(info.storage));

    zstack_voxel_info voxel = { .struct_size = sizeof voxel };
    status = zstack_get_voxel(stack, &voxel, &error);
    if (status != ZSTACK_STATUS_OK)
        return status;
    if (voxel.x > 0 || voxel.y > 0 || voxel.z > 0)
        printf("  voxel     %g x %g x %g um (0 = not known) by %s\n", voxel.x, voxel.y, voxel.z,
               voxel.source);
    if (voxel.remark)
        printf("            but %s\n", voxel.remark);

    for (uint64_t i = 0; i < info.gaps; i++) {
        zstack_gap_info gap = { .struct_size = sizeof gap };
        status = zstack_get_gap(stack, i, &gap, &error);
        if (status != ZSTACK_STATUS_OK)
            return status;
        printf("  gap       no file has number %" PRIu64, gap.first);
        if (gap.last != gap.first)
            printf(" to %" PRIu64, gap.last);
        putchar('\n');
    }
    for (uint64_t i = 0; i < info.rejected; i++) {
        zstack_rejected_info rejected = { .struct_size = sizeof rejected };
        status = zstack_get_rejected(stack, i, &rejected, &error);
        if (status != ZSTACK_STATUS_OK)
            return status;
        printf("  left out  %s", rejected.path);
        if (rejected.page >= 0)
            printf(", page %" PRId64, rejected.page);
        printf(" (%s): %s\n", zstack_reason_name(rejected.reason), rejected.message);
    }
    return ZSTACK_STATUS_OK;
}

static void print_plan(const zstack_plan_info *plan)
{
    printf("plan\n");
    printf("  buffer    %.1f MB\n", (double)plan->buffer_bytes / 1e6);
    printf("  working   at most %.1f MB more\n", (double)plan->working_bytes / 1e6);
    printf("  threads   %" PRIu32 " at most\n", plan->threads);
    printf("  chosen    %s\n", plan->why);
}

/* ---- Progress and Ctrl-C ---- */

/* A signal handler may set a flag and little else; the progress callback looks
 * at the flag, and there every function may be called. It is called every 50 ms,
 * also while a read hangs. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

struct watch {
    zstack_cancel *cancel;
    int draws; /* stderr is a terminal */
};

static int32_t on_progress(const zstack_progress *now, void *user)
{
    const struct watch *watch = user;
    if (interrupted)
        zstack_cancel_request(watch->cancel);
    if (!watch->draws)
        return 0;

    enum { WIDTH = 32 };
    char bar[WIDTH + 1];
    for (uint64_t i = 0; i < WIDTH; i++)
        bar[i] = i * now->slices_total < now->slices_done * WIDTH ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %" PRIu64 "/%" PRIu64 "  %4.0f MB/s", bar, now->slices_done,
            now->slices_total, now->bytes_per_second / 1e6);
    if (now->seconds_left >= 0)
        fprintf(stderr, "  %3.0f s left ", now->seconds_left);
    return 0;
}

/* ---- What happened ---- */

static zstack_status print_report(const zstack_report *report)
{
    zstack_report_totals totals = { .struct_size = sizeof totals };
    zstack_status status = zstack_report_get_totals(report, &totals, &error);
    if (status != ZSTACK_STATUS_OK)
        return status;

    printf("report\n");
    printf("  slices    %" PRIu64 " measured, %" PRIu64 " failed, of those %" PRIu64 " repaired",
           totals.loaded, totals.failed, totals.repaired);
    if (totals.not_reached)
        printf(", %" PRIu64 " not reached", totals.not_reached);
    printf("\n  time      %.3f s, %.0f MB/s\n", totals.seconds, totals.bytes_per_second / 1e6);
    printf("  a slice   %.1f ms in the median, %.1f ms at the 99th percentile\n",
           totals.median_seconds * 1e3, totals.p99_seconds * 1e3);
    printf("  reads     %s\n", totals.reads_why);

    for (uint64_t i = 0; i < totals.slices; i++) {
        zstack_report_slice slice = { .struct_size = sizeof slice };
        status = zstack_report_get_slice(report, i, &slice, &error);
        if (status != ZSTACK_STATUS_OK)
            return status;
        /* After Ctrl-C there may be thousands that were not reached. */
        if (slice.state != ZSTACK_STATE_REPAIRED && slice.state != ZSTACK_STATE_MISSING)
            continue;
        printf("  %-9s slice %" PRIu64 ", %s (%s): %s\n", zstack_state_name(slice.state), slice.slice,
               slice.path, zstack_status_name(slice.status), slice.message ? slice.message : "");
    }
    return ZSTACK_STATUS_OK;
}

/* ---- Pictures ---- */

static double half_to_double(uint16_t half)
{
    const int exponent = half >> 10 & 31, mantissa = half & 1023;
    const double size = exponent == 31 ? (mantissa ? NAN : INFINITY)
                        : exponent     ? ldexp(1024 + mantissa, exponent - 25)
                                       : ldexp(mantissa, -24);
    return half >> 15 ? -size : size;
}

/* The sample at `at` as a number. */
static double sample(const uint8_t *at, int32_t type)
{
    switch (type) {
#define CASE(NAME, TYPE)                                                                           \
    case ZSTACK_SAMPLE_TYPE_##NAME: {                                                              \
        TYPE value;                                                                                \
        memcpy(&value, at, sizeof value);                                                          \
        return (double)value;                                                                      \
    }
        CASE(U8, uint8_t)
        CASE(U16, uint16_t)
        CASE(U32, uint32_t)
        CASE(U64, uint64_t)
        CASE(I8, int8_t)
        CASE(I16, int16_t)
        CASE(I32, int32_t)
        CASE(I64, int64_t)
        CASE(F32, float)
        CASE(F64, double)
#undef CASE
    case ZSTACK_SAMPLE_TYPE_F16: {
        uint16_t half;
        memcpy(&half, at, sizeof half);
        return half_to_double(half);
    }
    default: /* a type that a newer library reads */
        return NAN;
    }
}

/* Writes `height` lines, `stride` bytes apart, as a PNG of 8 bits: RGB where
 * there are three channels or more, otherwise the first channel as grey. Its
 * lowest value becomes black and its highest white. */
static int write_picture(const char *prefix, const char *name, const uint8_t *lines, uint64_t height,
                         uint64_t stride, const zstack_plan_info *plan)
{
    const uint32_t shown = plan->channels >= 3 ? 3 : 1;
    const uint64_t pixel_bytes = (uint64_t)plan->channels * plan->sample_bytes;
    const uint64_t row = (uint64_t)plan->width * shown;
    const size_t path_bytes = strlen(prefix) + strlen(name) + 1;
    char *path = malloc(path_bytes);
    uint8_t *pixels = malloc((size_t)(row * height));
    if (!path || !pixels) {
        fputs("zstack-load: no memory for a picture\n", stderr);
        free(path);
        free(pixels);
        return -1;
    }
    snprintf(path, path_bytes, "%s%s", prefix, name);

    double low = INFINITY, high = -INFINITY;
    for (int pass = 0; pass < 2; pass++) {
        const double scale = high > low ? 255.0 / (high - low) : 0.0;
        for (uint64_t y = 0; y < height; y++) {
            for (uint64_t i = 0; i < row; i++) {
                const uint8_t *at =
                    lines + y * stride + i / shown * pixel_bytes + i % shown * plan->sample_bytes;
                const double value = sample(at, plan->sample_type);
                if (pass == 1)
                    pixels[y * row + i] = isfinite(value) ? (uint8_t)((value - low) * scale + 0.5) : 0;
                else if (isfinite(value)) {
                    low = value < low ? value : low;
                    high = value > high ? value : high;
                }
            }
        }
    }
    const int result = png_write(path, pixels, plan->width, (uint32_t)height, shown);
    if (result == 0)
        printf("wrote %s\n", path);
    else
        perror(path);
    free(path);
    free(pixels);
    return result;
}

static int write_pictures(const char *prefix, const uint8_t *volume, const zstack_plan_info *plan)
{
    /* The two differ in where they begin and in what lies a line further. */
    const uint8_t *middle_slice = volume + plan->slices / 2 * plan->slice_stride;
    const uint8_t *middle_row = volume + plan->height / 2 * plan->row_stride;
    if (write_picture(prefix, "-xy.png", middle_slice, plan->height, plan->row_stride, plan))
        return -1;
    return write_picture(prefix, "-xz.png", middle_row, plan->slices, plan->slice_stride, plan);
}

/* ---- All of it ---- */

static zstack_status load(const zstack *stack, void *volume, const zstack_plan_info *plan,
                          zstack_load_options *options, zstack_report **report)
{
    struct watch watch = { .cancel = zstack_cancel_new(), .draws = isatty(STDERR_FILENO) };
    if (!watch.cancel)
        return ZSTACK_STATUS_OUT_OF_MEMORY;
    options->on_progress = on_progress;
    options->user = &watch;
    options->cancel = watch.cancel;
    const zstack_status status =
        zstack_load(stack, options, volume, plan->buffer_bytes, report, &error);
    zstack_cancel_free(watch.cancel);
    if (watch.draws)
        fputc('\n', stderr);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s PATH [OUT_PREFIX]\n", argv[0]);
        return 2;
    }
    /* A slice that is missing or broken is made from its neighbours, in its own
     * place, so that z in the volume is z in the sample. */
    const zstack_open_options open_options = { .struct_size = sizeof open_options, .keep_gaps = 1 };
    zstack_load_options options = { .struct_size = sizeof options,
                                    .policy = ZSTACK_POLICY_INTERPOLATE };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    zstack *stack = NULL;
    zstack_report *report = NULL;
    uint8_t *volume = NULL;
    int result = EXIT_SUCCESS;

    sigaction(SIGINT, &(struct sigaction){ .sa_handler = on_interrupt }, NULL);
    zstack_status status = zstack_open(argv[1], &open_options, &stack, &error);
    if (status == ZSTACK_STATUS_OK)
        status = print_stack(stack, argv[1]);
    if (status == ZSTACK_STATUS_OK)
        status = zstack_plan(stack, &options, &plan, &error);
    if (status == ZSTACK_STATUS_OK) {
        print_plan(&plan);
        fflush(stdout);
        volume = malloc((size_t)plan.buffer_bytes);
        if (!volume) {
            fputs("zstack-load: no memory for the volume\n", stderr);
            result = EXIT_FAILURE;
            goto done;
        }
        status = load(stack, volume, &plan, &options, &report);
    }
    const int loaded = status == ZSTACK_STATUS_OK || status == ZSTACK_STATUS_PARTIAL;
    if (!loaded)
        result = fail(status);
    /* A load that failed has a report too, once it has begun. */
    if (report && (status = print_report(report)) != ZSTACK_STATUS_OK)
        result = fail(status);
    if (loaded && argc == 3 && write_pictures(argv[2], volume, &plan))
        result = EXIT_FAILURE;
done:
    free(volume);
    zstack_report_free(report);
    zstack_free(stack);
    return result;
}
