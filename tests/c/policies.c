/* What stands where a slice can't be had: the fill value, nothing, a blend. */
#include "check.h"

enum { SLICES = 12, CANARY = 0xC5 };

static zstack *stack;
static uint16_t volume[SLICES * PIXELS];

static zstack_report *load(zstack_status want, zstack_load_options options)
{
    zstack_report *report = NULL;
    options.struct_size = sizeof options;
    memset(volume, CANARY, sizeof volume);
    CHECK_EQ(zstack_load(stack, &options, volume, sizeof volume, &report, NULL), want);
    CHECK(report != NULL);
    return report;
}

#define LOAD(want, ...) load(ZSTACK_STATUS_##want, (zstack_load_options){ __VA_ARGS__ })

/* Slices 0, 4, 5 and 11 are gone; the stack knows of twelve. */
static int gone(unsigned z)
{
    return z == 0 || z == 4 || z == 5 || z == 11;
}

static void totals(zstack_report *report, unsigned loaded, unsigned failed, unsigned repaired, unsigned placed)
{
    zstack_report_totals totals = totals_of(report);
    CHECK_EQ(totals.slices, loaded + failed);
    CHECK_EQ(totals.loaded, loaded);
    CHECK_EQ(totals.failed, failed);
    CHECK_EQ(totals.repaired, repaired);
    CHECK_EQ(totals.not_reached, 0);
    CHECK_EQ(totals.placed, placed);
    CHECK_EQ(totals.bytes_decoded, loaded * SLICE_BYTES);
    zstack_report_free(report);
}

static void line(zstack_report *report, unsigned z, int64_t place, int32_t state)
{
    zstack_report_slice line = line_of(report, z);
    CHECK_EQ(line.slice, z);
    CHECK_EQ(line.place, place);
    CHECK_EQ(line.state, state);
    CHECK_EQ(line.status, gone(z) ? ZSTACK_STATUS_NOT_FOUND : ZSTACK_STATUS_OK);
    CHECK_EQ(line.os_error, gone(z) ? ENOENT : 0);
    CHECK((line.message != NULL) == gone(z));
    CHECK_EQ(line.attempts, 1);
}

static void filled(double value, uint16_t want)
{
    zstack_report *report = LOAD(PARTIAL, .fill_value = value);
    for (unsigned z = 0; z < SLICES; z++) {
        line(report, z, z, gone(z) ? ZSTACK_STATE_MISSING : ZSTACK_STATE_MEASURED);
        CHECK(gone(z) ? slice_has(volume, z, want) : slice_is(volume, z, z));
    }
    totals(report, 8, 4, 0, 12);
}

/* Padding between rows is not filled. */
static void filled_apart(void)
{
    static unsigned char apart[SLICES * 4096];
    zstack_load_options options = { .struct_size = sizeof options, .row_stride = 100, .slice_stride = 4096,
                                    .fill_value = 0x0102 };
    memset(apart, CANARY, sizeof apart);
    CHECK_STATUS(PARTIAL, zstack_load(stack, &options, apart, sizeof apart, NULL, NULL));
    for (unsigned y = 0; y < HEIGHT; y++) {
        uint16_t row[WIDTH];
        memcpy(row, apart + 4 * 4096 + y * 100, sizeof row);
        for (unsigned x = 0; x < WIDTH; x++)
            CHECK_EQ(row[x], 0x0102);
        CHECK(all_are(apart + 4 * 4096 + y * 100 + 2 * WIDTH, 100 - 2 * WIDTH, CANARY));
    }
}

static void fails(void)
{
    zstack_load_options options = { .struct_size = sizeof options, .policy = ZSTACK_POLICY_FAIL,
                                    .z_first = 1, .workers = 1, .reads_in_flight = 1 };
    zstack_error error = { .struct_size = sizeof error };
    zstack_report *report = NULL;
    CHECK_STATUS(NOT_FOUND, zstack_load(stack, &options, volume, sizeof volume, &report, &error));
    CHECK_EQ(error.slice, 4);
    CHECK(strstr(error.path, "/s_0004.tif"));
    /* In stack order: what lies before is whole, the end was not reached. */
    CHECK_EQ(line_of(report, 3).state, ZSTACK_STATE_MISSING);
    CHECK_EQ(line_of(report, 3).status, ZSTACK_STATUS_NOT_FOUND);
    CHECK_EQ(line_of(report, 0).state, ZSTACK_STATE_MEASURED);
    CHECK(slice_is(volume, 0, 1));
    CHECK_EQ(line_of(report, 9).state, ZSTACK_STATE_NOT_REACHED);
    CHECK(totals_of(report).not_reached >= 1);
    zstack_report_free(report);
    /* Without a slice that fails, the policy is not heard of. */
    options.z_first = 6;
    options.z_count = 5;
    CHECK_STATUS(OK, zstack_load(stack, &options, volume, sizeof volume, NULL, NULL));
}

static void skipped(void)
{
    zstack_report *report = LOAD(PARTIAL, .policy = ZSTACK_POLICY_SKIP);
    int64_t next = 0;
    for (unsigned z = 0; z < SLICES; z++) {
        line(report, z, gone(z) ? -1 : next, gone(z) ? ZSTACK_STATE_MISSING : ZSTACK_STATE_MEASURED);
        if (!gone(z))
            CHECK(slice_is(volume, (uint64_t)next++, z));
    }
    CHECK_EQ(next, 8);
    totals(report, 8, 4, 0, 8);
}

/* In a gap of two, the nearer side weighs twice: samples grow by 1000 a slice,
 * so that the blend by distance is the very slice; at the ends it is a copy. */
static void interpolated(void)
{
    zstack_report *report = LOAD(PARTIAL, .policy = ZSTACK_POLICY_INTERPOLATE);
    for (unsigned z = 0; z < SLICES; z++) {
        line(report, z, z, gone(z) ? ZSTACK_STATE_REPAIRED : ZSTACK_STATE_MEASURED);
        CHECK(slice_is(volume, z, z == 0 ? 1 : z == 11 ? 10 : z));
    }
    totals(report, 8, 4, 4, 12);

    /* Distance is that of the slices asked for; rounded to the nearest. */
    report = LOAD(PARTIAL, .policy = ZSTACK_POLICY_INTERPOLATE, .z_first = 1, .z_step = 3, .z_count = 7);
    CHECK(slice_is(volume, 0, 1) && slice_is(volume, 1, 4) && slice_is(volume, 2, 7));
    zstack_report_free(report);

    /* No slice to blend from: the fill value, and it is not called repaired. */
    report = LOAD(PARTIAL, .policy = ZSTACK_POLICY_INTERPOLATE, .z_first = 4, .z_count = 2, .fill_value = 9);
    CHECK(slice_has(volume, 0, 9) && slice_has(volume, 1, 9));
    CHECK_EQ(line_of(report, 0).slice, 4);
    CHECK_EQ(line_of(report, 0).state, ZSTACK_STATE_MISSING);
    CHECK_EQ(line_of(report, 1).state, ZSTACK_STATE_MISSING);
    totals(report, 0, 2, 0, 2);
}

/* The events tell the same as the report. */
static int32_t count(const zstack_slice_event *event, void *counts)
{
    CHECK_EQ(event->status, gone((unsigned)event->slice) ? ZSTACK_STATUS_NOT_FOUND : ZSTACK_STATUS_OK);
    ((unsigned *)counts)[event->state]++;
    return 0;
}

static void told(void)
{
    for (int32_t policy = ZSTACK_POLICY_FILL; policy <= ZSTACK_POLICY_INTERPOLATE; policy++) {
        unsigned counts[4] = { 0 };
        if (policy == ZSTACK_POLICY_FAIL)
            continue;
        zstack_report_free(LOAD(PARTIAL, .policy = policy, .on_slice = count, .user = counts));
        CHECK_EQ(counts[ZSTACK_STATE_MEASURED], 8);
        CHECK_EQ(counts[ZSTACK_STATE_REPAIRED], policy == ZSTACK_POLICY_INTERPOLATE ? 4 : 0);
        CHECK_EQ(counts[ZSTACK_STATE_MISSING], policy == ZSTACK_POLICY_INTERPOLATE ? 0 : 4);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    stack = open_at(in(argv[1], "grey"));
    for (unsigned z = 0; z < SLICES; z++) {
        char name[32];
        snprintf(name, sizeof name, "grey/s_%04u.tif", z);
        if (gone(z))
            CHECK_EQ(unlink(in(argv[1], name)), 0);
    }
    filled(0, 0);
    filled(65535, 65535);
    filled(1234.4, 1234);
    filled(1234.6, 1235);
    filled(65535.4, 65535);
    filled_apart();
    zstack_load_options over = { .struct_size = sizeof over, .fill_value = 65535.5 };
    zstack_plan_info plan = { .struct_size = sizeof plan };
    CHECK_STATUS(INVALID_ARGUMENT, zstack_plan(stack, &over, &plan, NULL));
    over.fill_value = -0.6;
    CHECK_STATUS(INVALID_ARGUMENT, zstack_plan(stack, &over, &plan, NULL));
    over.fill_value = 0.0 / (plan.slices ? 1.0 : 0.0);
    CHECK_STATUS(INVALID_ARGUMENT, zstack_plan(stack, &over, &plan, NULL));
    /* It stands where nothing can be blended, too, so it must fit there as well. */
    over.policy = ZSTACK_POLICY_INTERPOLATE;
    CHECK_STATUS(INVALID_ARGUMENT, zstack_plan(stack, &over, &plan, NULL));
    over.policy = ZSTACK_POLICY_SKIP;
    CHECK_STATUS(OK, zstack_plan(stack, &over, &plan, NULL));
    fails();
    skipped();
    interpolated();
    told();
    zstack_free(stack);
    return done();
}
