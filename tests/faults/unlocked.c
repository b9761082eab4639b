/* Stands before flock(2): where the variable FLOCK_FAILS holds the number of an error, no file can be locked. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

int flock(int file, int operation)
{
    static int (*real)(int, int);
    const char *error = getenv("FLOCK_FAILS");
    if (!real) real = dlsym(RTLD_NEXT, "flock");
    if (!error) return real(file, operation);
    errno = atoi(error);
    return -1;
}
