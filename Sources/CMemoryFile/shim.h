// What the Programs target needs of the C library and Swift can't see by itself: Glibc's module is built without
// _GNU_SOURCE.

// man 2 memfd_create
extern int memfd_create(const char *name, unsigned int flags);

// <sys/mman.h>, <fcntl.h>
static const unsigned int wirebuddy_MFD_CLOEXEC = 1;
static const unsigned int wirebuddy_MFD_ALLOW_SEALING = 2;
static const int wirebuddy_F_ADD_SEALS = 1033;
static const int wirebuddy_F_SEAL_GROW = 4;
