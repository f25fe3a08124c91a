// What the Kernel target needs of the C library and Swift can't see by itself: Glibc's module is built without
// _GNU_SOURCE and shows no variadic functions.
#include <malloc.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <unistd.h>

// man 3 pthread_setname_np
extern int pthread_setname_np(pthread_t thread, const char *name);

// man 2 memfd_create
extern int memfd_create(const char *name, unsigned int flags);

// <spawn.h> of glibc 2.34
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// man 2 pidfd_open: glibc has it since 2.36 only. The descriptor is close-on-exec.
static inline int wirebuddy_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

// man 2 pidfd_send_signal
static inline int wirebuddy_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0);
}

// man 2 setrlimit, man 2 prctl: no file for this process and its children, no pipe for this process either.
static inline void wirebuddy_disable_core_dumps(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// man 2 adjtimex: 1 when the kernel's clock follows another one, 0 when not, -1 when it can't be asked.
static inline int wirebuddy_clock_is_synchronised(void) {
    struct timex clock = {0};
    return adjtimex(&clock) < 0 ? -1 : (clock.status & STA_UNSYNC) == 0;
}

// Constants that the headers show only with _GNU_SOURCE: <sys/mman.h>, <fcntl.h>, <spawn.h>.
static const unsigned int wirebuddy_MFD_CLOEXEC = 1;
static const unsigned int wirebuddy_MFD_ALLOW_SEALING = 2;
static const int wirebuddy_F_ADD_SEALS = 1033;
static const int wirebuddy_F_SEAL_GROW = 4;
static const short wirebuddy_POSIX_SPAWN_SETSID = 0x80;
