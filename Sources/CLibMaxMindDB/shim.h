#include <maxminddb.h>

// man 2 memfd_create: Glibc's module is built without _GNU_SOURCE.
extern int memfd_create(const char *name, unsigned int flags);

// <sys/mman.h>
static const unsigned int wirebuddy_MFD_CLOEXEC = 1;
