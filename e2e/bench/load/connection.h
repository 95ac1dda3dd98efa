#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "frames.h"
#include "handshake.h"

enum role { LISTENER, CLIENT, BACKEND, INPUT, STORM, URGENT };

/* The storm comes from so many addresses, 127.0.1.1 and further, so that it does not run out of ports. */
#define STORM_ADDRESSES 8

/* One socket on the event loop. */
struct connection {
    int fd;
    enum role role;
    bool upgraded;
    bool of_storm; /* a backend's, of the storm */
    bool urgent;   /* its events come first */
    bool closed; /* freed after the events at hand */
    struct connection *next_closed;

    char *head; /* of the HTTP message, until it is whole */
    size_t head_length;
    char key[KEY_LENGTH + 1];

    struct frame_reader frames;
    char sequence[8]; /* of the message that is being read */

    char *pending; /* what the socket has not taken yet */
    size_t pending_start, pending_length, pending_capacity;

    /* Of clients. */
    int index;
    struct ssl_st *ssl; /* NULL without TLS */
    bool resumes;       /* a session of an earlier one */
    bool secured;       /* the handshake is over */
    uint64_t sent, received;
    uint64_t *sent_at; /* a ring: nanoseconds, by sequence modulo the messages in flight */
    uint64_t began;
    struct connection *before, *after; /* of the storm: without an answer, too */
};

/* Bytes that are gathered to be written in one go. */
struct burst {
    char *data;
    size_t length, capacity;
};

/* Makes room for so many more bytes, and returns where they go; the caller adds to `length`. */
char *burst_room(struct burst *burst, size_t more);

void loop_open(void);

/* Puts a socket (or standard input) onto the loop. */
struct connection *loop_add(int fd, enum role role);

/* The next events, waiting at most so many nanoseconds. */
struct epoll_event;
int loop_wait(struct epoll_event *events, int capacity, uint64_t nanos);

/* Frees what was closed since. To be called after all events of a wait. */
void loop_free_closed(void);

int listen_on(int port);

/* Events of this connection come before those of others from now on: see loop_urgent. */
void loop_hurry(struct connection *connection);

/* The next events of the urgent ones, without waiting. */
int loop_urgent(struct epoll_event *events, int capacity);

/* Starts to connect to a port of 127.0.0.1, without waiting; as a part of the storm from one of its addresses. */
struct connection *connect_as(enum role role, int port, int address);

/* Like read(2). With TLS it may hold more afterwards that the socket does not tell of. */
ssize_t connection_read(struct connection *connection, char *data, size_t capacity);
bool connection_holds_bytes(const struct connection *connection);

/* Sends now as much as the socket takes, the rest once it takes more. False if the connection is broken. */
bool connection_write(struct connection *connection, const char *data, size_t length);

/* Goes on with the rest. False if the connection is broken. */
bool connection_writable(struct connection *connection);

void connection_close(struct connection *connection);

/* The same with a TCP reset, which leaves nothing in TIME_WAIT. */
void connection_reset(struct connection *connection);

/* Gathers an HTTP head; true once it is whole, with the length of what came behind it. */
bool connection_head(struct connection *connection, const char *data, size_t length, size_t *behind);

#endif
