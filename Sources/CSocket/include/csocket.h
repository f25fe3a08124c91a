/* Sockets that are bound to an address and a device, and many datagrams by one call: what Glibc's module does not show,
   for it is built without _GNU_SOURCE. */
#ifndef CSOCKET_H
#define CSOCKET_H

#include <stddef.h>
#include <stdint.h>

/* An address and port: family 4 or 6; an IPv4 address in the low half of `low`; all in host order. */
typedef struct {
    uint64_t high, low;
    uint32_t scope;
    uint16_t port;
    uint8_t family;
} csocket_place;

/* How a socket is shared. */
enum {
    /* With no other socket at all. */
    CSOCKET_ALONE = 0,
    /* It joins others of ours with the same place. */
    CSOCKET_JOINING = 1,
};

/* A UDP socket (`stream` 0), or a TCP socket that listens, bound to a device and a place: not blocking, closed on exec,
   IPv6 only for IPv6. The descriptor, or a negative errno. */
int csocket_open(int stream, csocket_place place, const char *device, int sharing);

/* Whether a socket of before is what `csocket_open` would make: 1 or 0. Its device still is the one it was bound to. */
int csocket_is(int descriptor, int stream, csocket_place place, const char *device);

/* Whether a socket could be bound to the address of a place on a device now: 0, or a negative errno. */
int csocket_probe(csocket_place place, const char *device);

/* Sends a datagram: 0, or a negative errno. */
int csocket_send(int descriptor, csocket_place to, const uint8_t *bytes, size_t length);

/* An event counter to end a wait with (eventfd(2)), or a negative errno. */
int csocket_event(void);

enum {
    /* The most datagrams of a batch. */
    CSOCKET_BATCH = 64,
    /* The longest datagram that is taken whole, and the longest answer. */
    CSOCKET_LONGEST = 2048,
};

/* Datagrams that came together, and their answers. For one thread. */
typedef struct csocket_batch csocket_batch;

/* NULL if there is no memory. */
csocket_batch *csocket_batch_new(void);

void csocket_batch_delete(csocket_batch *batch);

/* Takes what is there, without waiting: how many datagrams, or a negative errno. Answers of before are forgotten. */
int csocket_batch_receive(csocket_batch *batch, int descriptor);

/* A datagram of the batch; valid until the next `receive`. */
const uint8_t *csocket_batch_message(const csocket_batch *batch, int number, size_t *length);

/* Who sent a datagram. */
csocket_place csocket_batch_source(const csocket_batch *batch, int number);

/* Notes the answer to a datagram: at most CSOCKET_LONGEST bytes, which are copied. */
void csocket_batch_answer(csocket_batch *batch, int number, const uint8_t *bytes, size_t length);

/* Sends the answers: how many could not be sent. */
int csocket_batch_send(csocket_batch *batch, int descriptor);

#endif
