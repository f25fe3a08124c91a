#define _GNU_SOURCE
#include "csocket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t to_sockaddr(csocket_place place, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (place.family == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(place.port);
        v4->sin_addr.s_addr = htonl((uint32_t)place.low);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(place.port);
    v6->sin6_scope_id = place.scope;
    uint64_t halves[2] = {htobe64(place.high), htobe64(place.low)};
    memcpy(&v6->sin6_addr, halves, sizeof halves);
    return sizeof *v6;
}

static csocket_place to_place(const struct sockaddr_storage *storage) {
    csocket_place place = {0};
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
        place.family = 4;
        place.low = ntohl(v4->sin_addr.s_addr);
        place.port = ntohs(v4->sin_port);
    } else if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
        uint64_t halves[2];
        memcpy(halves, &v6->sin6_addr, sizeof halves);
        place.family = 6;
        place.high = be64toh(halves[0]);
        place.low = be64toh(halves[1]);
        place.port = ntohs(v6->sin6_port);
        place.scope = v6->sin6_scope_id;
    }
    return place;
}

static int on(int descriptor, int level, int option) {
    int yes = 1;
    return setsockopt(descriptor, level, option, &yes, sizeof yes);
}

/* A socket bound to device and place, or -1 with errno. */
static int bound(int type, csocket_place place, const char *device, int sharing) {
    int descriptor = socket(place.family == 4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(place, &storage);
    if (type == SOCK_DGRAM) {
        /* A burst while all threads are busy is kept; the system may allow less. */
        int bytes = 1 << 20;
        (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    if ((place.family == 6 && on(descriptor, IPPROTO_IPV6, IPV6_V6ONLY) < 0)
        || setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, device, strlen(device)) < 0
        /* Connections of before, which are closed, don't keep the place. */
        || (type == SOCK_STREAM && on(descriptor, SOL_SOCKET, SO_REUSEADDR) < 0)
        || (sharing == CSOCKET_JOINING && on(descriptor, SOL_SOCKET, SO_REUSEPORT) < 0)
        || bind(descriptor, (struct sockaddr *)&storage, length) < 0
        /* Only now, so that the first socket is refused where another program's is; the next ones may join it. */
        || (type == SOCK_DGRAM && sharing == CSOCKET_ALONE && on(descriptor, SOL_SOCKET, SO_REUSEPORT) < 0)) {
        int error = errno;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

int csocket_open(int stream, csocket_place place, const char *device, int sharing) {
    int descriptor = bound(stream ? SOCK_STREAM : SOCK_DGRAM, place, device, sharing);
    if (descriptor < 0) return -errno;
    if (stream && listen(descriptor, 128) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int csocket_is(int descriptor, int stream, csocket_place place, const char *device) {
    int type = 0, listens = 0;
    socklen_t length = sizeof type;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) < 0) return 0;
    if (type != (stream ? SOCK_STREAM : SOCK_DGRAM)) return 0;
    length = sizeof listens;
    if (stream && (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) < 0 || !listens)) return 0;
    /* The name of the device by its number, so that one that was made anew is another one. */
    char name[IFNAMSIZ] = {0};
    length = sizeof name;
    if (getsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, &length) < 0) return 0;
    if (strncmp(name, device, sizeof name) != 0) return 0;
    struct sockaddr_storage bound;
    length = sizeof bound;
    if (getsockname(descriptor, (struct sockaddr *)&bound, &length) < 0) return 0;
    csocket_place is = to_place(&bound);
    return is.family == place.family && is.high == place.high && is.low == place.low && is.port == place.port
        && is.scope == place.scope;
}

int csocket_probe(csocket_place place, const char *device) {
    place.port = 0;
    int descriptor = bound(SOCK_DGRAM, place, device, CSOCKET_ALONE);
    if (descriptor < 0) return -errno;
    close(descriptor);
    return 0;
}

int csocket_send(int descriptor, csocket_place to, const uint8_t *bytes, size_t length) {
    struct sockaddr_storage storage;
    socklen_t size = to_sockaddr(to, &storage);
    ssize_t sent;
    do sent = sendto(descriptor, bytes, length, MSG_NOSIGNAL, (struct sockaddr *)&storage, size);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int csocket_event(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

struct csocket_batch {
    struct mmsghdr in[CSOCKET_BATCH], out[CSOCKET_BATCH];
    struct iovec in_part[CSOCKET_BATCH], out_part[CSOCKET_BATCH];
    struct sockaddr_storage source[CSOCKET_BATCH];
    unsigned answers;
    /* A line of the cache more than a power of two, or all beginnings would share a few of its places. */
    uint8_t in_bytes[CSOCKET_BATCH][CSOCKET_LONGEST + 64], out_bytes[CSOCKET_BATCH][CSOCKET_LONGEST + 64];
};

csocket_batch *csocket_batch_new(void) {
    csocket_batch *batch = calloc(1, sizeof *batch);
    if (!batch) return NULL;
    for (int i = 0; i < CSOCKET_BATCH; i++) {
        batch->in_part[i] = (struct iovec){batch->in_bytes[i], CSOCKET_LONGEST};
        batch->in[i].msg_hdr.msg_iov = &batch->in_part[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->source[i];
        batch->out[i].msg_hdr.msg_iov = &batch->out_part[i];
        batch->out[i].msg_hdr.msg_iovlen = 1;
        batch->out_part[i].iov_base = batch->out_bytes[i];
    }
    return batch;
}

void csocket_batch_delete(csocket_batch *batch) { free(batch); }

int csocket_batch_receive(csocket_batch *batch, int descriptor) {
    batch->answers = 0;
    for (int i = 0; i < CSOCKET_BATCH; i++) batch->in[i].msg_hdr.msg_namelen = sizeof batch->source[i];
    int count;
    do count = recvmmsg(descriptor, batch->in, CSOCKET_BATCH, MSG_DONTWAIT, NULL);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

const uint8_t *csocket_batch_message(const csocket_batch *batch, int number, size_t *length) {
    *length = batch->in[number].msg_len;
    return batch->in_bytes[number];
}

csocket_place csocket_batch_source(const csocket_batch *batch, int number) { return to_place(&batch->source[number]); }

void csocket_batch_answer(csocket_batch *batch, int number, const uint8_t *bytes, size_t length) {
    if (length > CSOCKET_LONGEST || batch->answers == CSOCKET_BATCH) return;
    unsigned answer = batch->answers++;
    memcpy(batch->out_bytes[answer], bytes, length);
    batch->out_part[answer].iov_len = length;
    batch->out[answer].msg_hdr.msg_name = &batch->source[number];
    batch->out[answer].msg_hdr.msg_namelen = batch->in[number].msg_hdr.msg_namelen;
}

int csocket_batch_send(csocket_batch *batch, int descriptor) {
    unsigned next = 0;
    int unsent = 0;
    while (next < batch->answers) {
        int count = sendmmsg(descriptor, &batch->out[next], batch->answers - next, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count > 0) {
            next += (unsigned)count;
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            /* UDP may lose; whoever asked asks again. */
            return unsent + (int)(batch->answers - next);
        } else if (errno != EINTR) {
            /* Only this one's destination is bad. */
            next++;
            unsent++;
        }
    }
    return unsent;
}
