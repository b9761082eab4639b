/* Interposes write(2): the nth write to a file below a folder writes only some bytes, and the later writes fail. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char below[512];
static long at, keep, with, seen;

void arm(const char *folder, long nth, long bytes, long error)
{
    strncpy(below, folder, sizeof below - 1);
    at = nth; keep = bytes; with = error; seen = 0;
}

long writes(void) { return seen; }

ssize_t write(int file, const void *data, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);
    char link[32], name[512] = "";
    if (!real) real = dlsym(RTLD_NEXT, "write");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (!below[0] || readlink(link, name, sizeof name - 1) < 0 || strncmp(name, below, strlen(below)))
        return real(file, data, size);
    if (++seen < at || (seen > at && !with)) return real(file, data, size);
    if (seen > at) { errno = with; return -1; }
    ssize_t done = real(file, data, (size_t)keep < size ? (size_t)keep : size);
    if (with < 0) raise(SIGKILL);
    return done;
}
