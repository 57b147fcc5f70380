/* Statuses have stable numbers, and every number has a name. */
#include "check.h"

/* The numbers of version 0.1.0. Lines may be added, never changed. */
static const struct {
    int32_t number;
    int32_t constant;
    const char *name;
} table[] = {
    { 0, ZSTACK_STATUS_OK, "ok" },
    { 1, ZSTACK_STATUS_PARTIAL, "partial" },
    { 2, ZSTACK_STATUS_CANCELLED, "cancelled" },
    { 3, ZSTACK_STATUS_PENDING, "pending" },
    { 4, ZSTACK_STATUS_NO_MORE_EVENTS, "no more events" },
    { 10, ZSTACK_STATUS_INVALID_ARGUMENT, "invalid argument" },
    { 11, ZSTACK_STATUS_STRUCT_SIZE, "struct size" },
    { 12, ZSTACK_STATUS_BUFFER_TOO_SMALL, "buffer too small" },
    { 13, ZSTACK_STATUS_BUFFER_MISALIGNED, "buffer misaligned" },
    { 14, ZSTACK_STATUS_BUSY, "busy" },
    { 15, ZSTACK_STATUS_ALREADY_FINISHED, "already finished" },
    { 16, ZSTACK_STATUS_OUT_OF_RANGE, "out of range" },
    { 20, ZSTACK_STATUS_NOT_FOUND, "not found" },
    { 21, ZSTACK_STATUS_PERMISSION_DENIED, "permission denied" },
    { 22, ZSTACK_STATUS_IO, "input or output error" },
    { 23, ZSTACK_STATUS_NOT_A_FILE, "not a file" },
    { 30, ZSTACK_STATUS_EMPTY, "empty" },
    { 31, ZSTACK_STATUS_AMBIGUOUS, "ambiguous" },
    { 32, ZSTACK_STATUS_UNSUPPORTED, "not supported" },
    { 33, ZSTACK_STATUS_CORRUPT, "corrupt" },
    { 34, ZSTACK_STATUS_TRUNCATED, "truncated" },
    { 35, ZSTACK_STATUS_SHAPE_MISMATCH, "shape mismatch" },
    { 36, ZSTACK_STATUS_TYPE_MISMATCH, "type mismatch" },
    { 37, ZSTACK_STATUS_MISSING, "missing" },
    { 40, ZSTACK_STATUS_LIMIT_EXCEEDED, "limit exceeded" },
    { 41, ZSTACK_STATUS_MEMORY_LIMIT, "memory limit" },
    { 42, ZSTACK_STATUS_OUT_OF_MEMORY, "out of memory" },
    { 43, ZSTACK_STATUS_NO_THREAD, "no thread" },
    { 50, ZSTACK_STATUS_INTERNAL, "internal error" },
};
enum { COUNT = sizeof table / sizeof *table };

/* Whatever the number, a name comes back; "unknown" for those past the last. */
static void names(const char *(*name)(int32_t), const char *unknown, int32_t first, int32_t last)
{
    for (int32_t n = first; n <= last; n++) {
        CHECK(strlen(name(n)) > 0);
        /* 7 is the one gap among the low photometric numbers, 0 is a storage of its own. */
        CHECK((strcmp(name(n), unknown) == 0) == (n == 7 && name == zstack_photometric_name));
        for (int32_t m = first; m < n; m++)
            CHECK(strcmp(name(n), name(m)) != 0);
    }
    static const int32_t beyond[] = { -1, 1000, INT32_MAX, INT32_MIN };
    for (unsigned i = 0; i < 4; i++)
        CHECK(strcmp(name(beyond[i]), unknown) == 0);
    CHECK(strcmp(name(last + 1), unknown) == 0);
    CHECK(strcmp(name(first - 1), unknown) == 0);
}

int main(void)
{
    CHECK_EQ(sizeof(zstack_status), 4);
    for (int32_t n = -100; n < 1000; n++) {
        const char *want = "unknown status";
        for (unsigned i = 0; i < COUNT; i++)
            if (table[i].number == n)
                want = table[i].name;
        CHECK(strcmp(zstack_status_name(n), want) == 0);
    }
    for (unsigned i = 0; i < COUNT; i++)
        CHECK_EQ(table[i].constant, table[i].number);
    CHECK(strcmp(zstack_status_name(INT32_MIN), "unknown status") == 0);
    CHECK(strcmp(zstack_status_name(INT32_MAX), "unknown status") == 0);

    names(zstack_sample_type_name, "unknown", 1, 11);
    names(zstack_state_name, "unknown", 0, 3);
    names(zstack_reason_name, "unknown", 1, 14);
    names(zstack_storage_name, "unknown", 1, 5);
    names(zstack_format_name, "unknown", 1, 7);
    names(zstack_photometric_name, "unknown", 0, 10);
    CHECK(strcmp(zstack_photometric_name(ZSTACK_PHOTOMETRIC_CFA), "color filter array") == 0);
    CHECK(strcmp(zstack_photometric_name(ZSTACK_PHOTOMETRIC_LINEAR_RAW), "linear raw") == 0);
    CHECK(strcmp(zstack_photometric_name(ZSTACK_PHOTOMETRIC_LOG_L), "LogL") == 0);
    CHECK(strcmp(zstack_photometric_name(ZSTACK_PHOTOMETRIC_LOG_LUV), "LogLuv as XYZ") == 0);
    CHECK(strcmp(zstack_photometric_name(ZSTACK_PHOTOMETRIC_DEPTH), "depth") == 0);

    static const uint32_t bytes[] = { 0, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 0 };
    for (int32_t type = 0; type < 13; type++)
        CHECK_EQ(zstack_sample_type_bytes(type), bytes[type]);
    CHECK_EQ(zstack_sample_type_bytes(-1), 0);
    CHECK(strcmp(zstack_sample_type_name(ZSTACK_SAMPLE_TYPE_U16), "u16") == 0);
    CHECK(strcmp(zstack_sample_type_name(ZSTACK_SAMPLE_TYPE_F64), "f64") == 0);
    CHECK(strcmp(zstack_state_name(ZSTACK_STATE_REPAIRED), "repaired") == 0);
    return done();
}
