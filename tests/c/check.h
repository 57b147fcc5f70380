/* What the programs in this folder share: CHECK, samples, a few helpers.
 * Include it first: it asks for the GNU names. */
#ifndef CHECK_H
#define CHECK_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zstack.h"

/* As in tests/contract_support/mod.rs. */
enum { WIDTH = 40, HEIGHT = 30, PIXELS = WIDTH * HEIGHT, SLICE_BYTES = 2 * PIXELS };

static atomic_ulong checks_made;

/* Checks are made on several threads; the process ends at the first that fails. */
#define CHECK(condition)                                                                   \
    do {                                                                                   \
        checks_made++;                                                                     \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);        \
            _exit(1);                                                                      \
        }                                                                                  \
    } while (0)

#define CHECK_EQ(is, want)                                                                 \
    do {                                                                                   \
        long long is_ = (long long)(is), want_ = (long long)(want);                        \
        checks_made++;                                                                     \
        if (is_ != want_) {                                                                \
            fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #is, is_, \
                    want_);                                                                \
            _exit(1);                                                                      \
        }                                                                                  \
    } while (0)

#ifndef NO_LINK
static inline void check_status(zstack_status is, zstack_status want, const char *what, const char *file,
                                int line)
{
    checks_made++;
    if (is != want) {
        fprintf(stderr, "%s:%d: %s gave %d (%s), not %d (%s)\n", file, line, what, (int)is,
                zstack_status_name(is), (int)want, zstack_status_name(want));
        _exit(1);
    }
}

/* The call returns this status; its name is given without the prefix. */
#define CHECK_STATUS(want, call) check_status((call), ZSTACK_STATUS_##want, #call, __FILE__, __LINE__)
#endif

/* Last line of every main. */
static inline int done(void)
{
    printf("%lu checks made\n", checks_made);
    return 0;
}

static inline uint16_t sample(uint64_t z, uint64_t y, uint64_t x)
{
    return (uint16_t)(z * 1000 + y * 37 + x);
}

/* root/name; kept to the end. */
static inline const char *in(const char *root, const char *name)
{
    static char *volatile texts[4096]; /* volatile: seen by leak checkers */
    static atomic_uint next;
    size_t length = strlen(root) + strlen(name) + 2;
    char *text = malloc(length);
    CHECK(text && next < 4096);
    snprintf(text, length, "%s/%s", root, name);
    return texts[next++] = text;
}

/* Whether all bytes are this. */
static inline int all_are(const void *bytes, size_t count, int value)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        if (at[i] != (unsigned char)value)
            return 0;
    return 1;
}

/* Whether the packed slice at `place` is slice z of a sample stack. */
static inline int slice_is(const uint16_t *volume, uint64_t place, uint64_t z)
{
    const uint16_t *at = volume + place * PIXELS;
    for (unsigned y = 0; y < HEIGHT; y++)
        for (unsigned x = 0; x < WIDTH; x++)
            if (*at++ != sample(z, y, x))
                return 0;
    return 1;
}

/* Whether the packed slice at `place` has one value throughout. */
static inline int slice_has(const uint16_t *volume, uint64_t place, uint16_t value)
{
    for (unsigned i = 0; i < PIXELS; i++)
        if (volume[place * PIXELS + i] != value)
            return 0;
    return 1;
}

static inline unsigned tasks(void)
{
    unsigned count = 0;
    DIR *dir = opendir("/proc/self/task");
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* A joined thread may stand in /proc for a moment more; one that lives on is
 * still there at the end. */
static inline int tasks_are(unsigned want)
{
    for (int i = 0; i < 2000 && tasks() != want; i++)
        usleep(1000);
    return tasks() == want;
}

#ifndef NO_LINK
static inline zstack *open_at(const char *path)
{
    zstack *stack = NULL;
    zstack_error error = { .struct_size = sizeof error };
    zstack_status status = zstack_open(path, NULL, &stack, &error);
    if (status != ZSTACK_STATUS_OK)
        fprintf(stderr, "%s: %s\n", path, error.message);
    CHECK_STATUS(OK, status);
    CHECK(stack != NULL);
    return stack;
}

static inline zstack_report_slice line_of(const zstack_report *report, uint64_t index)
{
    zstack_report_slice line = { .struct_size = sizeof line };
    CHECK_STATUS(OK, zstack_report_get_slice(report, index, &line, NULL));
    return line;
}

static inline zstack_report_totals totals_of(const zstack_report *report)
{
    zstack_report_totals totals = { .struct_size = sizeof totals };
    CHECK_STATUS(OK, zstack_report_get_totals(report, &totals, NULL));
    return totals;
}
#endif
#endif
