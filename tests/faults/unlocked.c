/* Interposes flock(2): if the variable FLOCK_FAILS holds an error number, flock fails with it. */
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
