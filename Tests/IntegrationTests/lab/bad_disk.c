/* A disk that fails or is slow, for one process and those that it starts: preloaded, it looks at each write below the
 * folder FAULT_FOLDER and does as the file FAULT_FILE says: "errno 5" fails it, "sync 5" fails syncfs(2) alone, "sleep 500" holds
 * it up for so many milliseconds, and without the file nothing happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int is_below(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Whether a call is to fail as the file says by this word, with errno set; sleeps before when it is to be slow. */
static int fault(const char *kind) {
    int saved = errno;
    const char *name = getenv("FAULT_FILE");
    FILE *file = name ? fopen(name, "re") : NULL;
    char word[16] = "";
    int value = 0;
    int read = file ? fscanf(file, "%15s %d", word, &value) : 0;
    if (file) fclose(file);
    if (read == 2 && strcmp(word, kind) == 0) {
        errno = value;
        return 1;
    }
    if (read == 2 && strcmp(word, "sleep") == 0) {
        struct timespec time = {value / 1000, value % 1000 * 1000000L};
        nanosleep(&time, NULL);
    }
    errno = saved;
    return 0;
}

static int is_faulty_by(const char *kind, int descriptor) {
    char link[64], path[4096];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path) && fault(kind);
}

static int is_faulty(int descriptor) { return is_faulty_by("errno", descriptor); }

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return is_faulty(descriptor) ? -1 : NEXT(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return is_faulty(descriptor) ? -1 : NEXT(pwrite)(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return is_faulty(descriptor) ? -1 : NEXT(pwrite64)(descriptor, bytes, count, offset);
}

int ftruncate(int descriptor, off_t length) { return is_faulty(descriptor) ? -1 : NEXT(ftruncate)(descriptor, length); }

int ftruncate64(int descriptor, off64_t length) {
    return is_faulty(descriptor) ? -1 : NEXT(ftruncate64)(descriptor, length);
}

int fsync(int descriptor) { return is_faulty(descriptor) ? -1 : NEXT(fsync)(descriptor); }

int fdatasync(int descriptor) { return is_faulty(descriptor) ? -1 : NEXT(fdatasync)(descriptor); }

int syncfs(int descriptor) {
    return is_faulty_by("sync", descriptor) || is_faulty(descriptor) ? -1 : NEXT(syncfs)(descriptor);
}
