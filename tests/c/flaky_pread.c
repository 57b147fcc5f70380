/* Preloaded: the first N positioned reads of a file named "flakyN..." fail with
 * EIO, as those of a share that loses its server for a moment. */
#ifndef NO_LINK
#define NO_LINK
#endif
#include "check.h"

#include <sys/syscall.h>
#include <sys/uio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int fails(int fd)
{
    static int failed[10];
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    const char *name = strstr(path, "/flaky");
    if (!name)
        return 0;
    int times = name[6] - '0';
    pthread_mutex_lock(&lock);
    int fail = failed[times] < times;
    failed[times] += fail;
    pthread_mutex_unlock(&lock);
    return fail;
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at)
{
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, bytes, count, at);
}

ssize_t preadv64(int fd, const struct iovec *rows, int count, off64_t at)
{
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_preadv, fd, rows, count, at, 0);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at)
{
    return pread64(fd, bytes, count, at);
}
