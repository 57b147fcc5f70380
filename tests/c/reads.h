/* Decides what the library's reads give: the program's own pread64 and preadv64
 * stand before the C library's. Include after check.h, once. */
#ifndef READS_H
#define READS_H
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Called before each read of a file, on the reading thread; an errno that is not
 * 0 is what the read gives. */
typedef int (*read_hook)(const char *path);
static _Atomic(read_hook) on_read;
static atomic_uint reads_seen;

static int hooked(int fd)
{
    char link[64], path[PATH_MAX];
    read_hook hook = on_read;
    reads_seen++;
    if (!hook)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return hook(path);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at);
ssize_t pread64(int fd, void *bytes, size_t count, off64_t at)
{
    if ((errno = hooked(fd)))
        return -1;
    return syscall(SYS_pread64, fd, bytes, count, at);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at);
ssize_t pread(int fd, void *bytes, size_t count, off_t at)
{
    return pread64(fd, bytes, count, at);
}

ssize_t preadv64(int fd, const struct iovec *rows, int count, off64_t at);
ssize_t preadv64(int fd, const struct iovec *rows, int count, off64_t at)
{
    if ((errno = hooked(fd)))
        return -1;
    return syscall(SYS_preadv, fd, rows, count, at, 0);
}

/* A gate: from `gate_after` reads on, reads wait until it is opened. */
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_moved = PTHREAD_COND_INITIALIZER;
static int gate_is_shut, gate_waiting;
static unsigned gate_after, gate_passed;

static inline int gate(const char *path)
{
    (void)path;
    pthread_mutex_lock(&gate_lock);
    gate_waiting++;
    pthread_cond_broadcast(&gate_moved);
    while (gate_is_shut && gate_passed >= gate_after)
        pthread_cond_wait(&gate_moved, &gate_lock);
    gate_waiting--;
    gate_passed++;
    pthread_mutex_unlock(&gate_lock);
    return 0;
}

/* Reads wait once this many have passed. */
static inline void gate_shut(unsigned after)
{
    pthread_mutex_lock(&gate_lock);
    gate_is_shut = 1;
    gate_after = after;
    gate_passed = 0;
    pthread_mutex_unlock(&gate_lock);
    on_read = gate;
}

/* Returns once a read waits before the gate, all others let through. */
static inline void gate_await(void)
{
    pthread_mutex_lock(&gate_lock);
    while (!(gate_passed >= gate_after && gate_waiting > 0))
        pthread_cond_wait(&gate_moved, &gate_lock);
    pthread_mutex_unlock(&gate_lock);
}

static inline void gate_open(void)
{
    pthread_mutex_lock(&gate_lock);
    gate_is_shut = 0;
    pthread_cond_broadcast(&gate_moved);
    pthread_mutex_unlock(&gate_lock);
}
#endif
