/*
 * A load generator for WebSocket proxies and the echo backends behind them, in one process on one epoll loop.
 *
 *   load --target-port 7001 --backend-port 7010 --connections 64 --size 64 --pid 4711
 *
 * It opens the connections through the proxy at the target port, warms up, measures, prints one JSON object and exits.
 * With --rate the loop is open: messages go out when they are due, and latency counts from then, so that a stall of
 * the proxy counts for every message that it delays. A lost connection or a wrong echo ends it with exit status 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measurement.h"
#include "messages.h"

#define EVENTS 512
#define READ_SIZE (128 * 1024)
#define OPENING_AT_ONCE 64
#define STALLED_NANOS (30 * 1000000000ull)
#define TICK_NANOS 10000000ull

static struct options options;
static struct measurement measurement;
static enum { OPENING, WARMING, MEASURING, RESTING } phase;
static uint64_t phase_ends, last_progress;

static struct connection **clients, **backends;
static int opened, upgraded, backend_count;

/* The open loop: when it began, and how many messages were due since. */
static uint64_t pace_began, paced;
/* The fan-out: the round, when it began, and how many clients do not have it yet. */
static uint64_t fan_round, round_began;
static int round_missing;

static struct burst burst;
static char buffer[READ_SIZE];

static void write_burst(struct connection *connection) {
    if (burst.length > 0 && !connection_write(connection, burst.data, burst.length))
        fail("a connection was lost in writing: %s", strerror(errno));
    burst.length = 0;
}

static void completed(uint64_t now, uint64_t since) {
    last_progress = now;
    if (phase == MEASURING) histogram_record(&measurement.latencies, now - since);
}

/* -- clients -- */

static uint64_t due_at(uint64_t message) {
    return pace_began + (uint64_t)((double)message / (options.rate * options.connections) * 1e9);
}

static void append_next(struct connection *client, uint64_t now) {
    client->sent_at[client->sent % (uint64_t)options.in_flight] = now;
    message_append(&burst, message_size(&options, client->index, client->sent), client->sent, true);
    client->sent++;
}

static void append_close(void) {
    static const unsigned char unmasked[4];
    char *to = burst_room(&burst, MAX_HEADER + 2);
    size_t header = frame_write_header(to, CLOSE, 2, unmasked);
    memcpy(to + header, "\x03\xe8", 2); /* 1000, a normal closure */
    burst.length += header + 2;
}

static void open_client(uint64_t now) {
    struct connection *client = connect_to(options.target_port);
    client->index = options.mode == CONNECT ? opened % options.connections : opened;
    client->began = now;
    client->sent_at = calloc((size_t)options.in_flight, sizeof *client->sent_at);
    if (options.mode != CONNECT) clients[client->index] = client;
    opened++;
    burst_room(&burst, 1024);
    burst.length = handshake_request(burst.data, burst.capacity, options.target_port, client->key);
    write_burst(client);
}

static void client_upgraded(struct connection *client, uint64_t now) {
    client->upgraded = true;
    upgraded++;
    last_progress = now;
    if (options.mode == CONNECT) append_next(client, now);
}

static void client_message(struct connection *client, uint64_t now) {
    message_check_end(client);
    uint64_t sequence = client->received++;
    if (options.mode == CONNECT) {
        append_close();
    } else if (options.mode == FANOUT) {
        completed(now, round_began);
        round_missing--;
    } else if (options.rate > 0) {
        completed(now, due_at(sequence * (uint64_t)options.connections + (uint64_t)client->index));
    } else {
        completed(now, client->sent_at[sequence % (uint64_t)options.in_flight]);
        append_next(client, now);
    }
}

static void client_frame_begins(const struct connection *client) {
    if (client->frames.opcode == CLOSE && options.mode == CONNECT && client->received == 1) return;
    if (client->frames.opcode != BINARY) fail("a frame with opcode %d came to a client", client->frames.opcode);
    size_t expected = options.mode == FANOUT ? options.size : message_size(&options, client->index, client->received);
    if (client->frames.length != expected)
        fail("a wrong echo: %llu bytes instead of %zu", (unsigned long long)client->frames.length, expected);
}

static void client_read(struct connection *client, const char *data, size_t length, uint64_t now) {
    struct frame_reader *frames = &client->frames;
    while (length > 0) {
        if (!frames->in_payload) {
            size_t used = frame_header(frames, data, length);
            data += used;
            length -= used;
            if (!frames->in_payload) break;
            client_frame_begins(client);
        }
        size_t part = frames->length - frames->position < length ? frames->length - frames->position : length;
        if (frames->opcode == BINARY) message_check(client, data, part);
        frames->position += part;
        data += part;
        length -= part;
        if (frames->position < frames->length) break;
        if (frames->opcode == BINARY) client_message(client, now);
        frame_next(frames);
    }
}

static void client_ended(struct connection *client, uint64_t now) {
    bool after_close = options.mode == CONNECT && client->received == 1 && client->frames.opcode == CLOSE &&
                       !client->frames.in_payload;
    if (!after_close) fail("a client's connection was lost");
    completed(now, client->began);
    connection_close(client);
    open_client(now);
}

/* -- backends -- */

static void backend_upgraded(struct connection *backend) {
    backend->upgraded = true;
    if (options.mode != CONNECT) backends[backend_count++] = backend;
}

/* Echoes what came, piece by piece. */
static void backend_read(struct connection *backend, const char *data, size_t length) {
    struct frame_reader *frames = &backend->frames;
    while (length > 0) {
        if (!frames->in_payload) {
            size_t used = frame_header(frames, data, length);
            data += used;
            length -= used;
            if (!frames->in_payload) return;
            if (!frames->masked) fail("an unmasked frame came to a backend");
            char *to = burst_room(&burst, MAX_HEADER);
            burst.length += frame_write_header(to, frames->opcode, frames->length, NULL);
        }
        size_t part = frames->length - frames->position < length ? frames->length - frames->position : length;
        frame_mask(burst_room(&burst, part), data, part, frames->mask, frames->position);
        burst.length += part;
        frames->position += part;
        data += part;
        length -= part;
        if (frames->position < frames->length) return;
        frame_next(frames);
        if (frames->opcode == CLOSE) {
            /* RFC 6455 section 7.1.1: the server closes first. */
            write_burst(backend);
            connection_close(backend);
            return;
        }
    }
}

/* -- the loop -- */

static void head_read(struct connection *connection, const char *data, size_t length, uint64_t now) {
    size_t behind;
    if (!connection_head(connection, data, length, &behind)) return;
    if (connection->role == CLIENT) {
        if (!handshake_accepted(connection->head, connection->key))
            fail("an upgrade was refused: %.*s", (int)strcspn(connection->head, "\r"), connection->head);
        client_upgraded(connection, now);
    } else {
        burst_room(&burst, 1024);
        if (!handshake_answer(connection->head, burst.data, burst.capacity, &burst.length))
            fail("a backend got a request that is no upgrade");
        backend_upgraded(connection);
    }
    if (behind > 0) fail("a peer sent frames before its handshake was over");
}

static void readable(struct connection *connection, uint64_t now) {
    ssize_t length = read(connection->fd, buffer, READ_SIZE);
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0) fail("a connection was lost: %s", strerror(errno));
    if (length == 0) {
        if (connection->role == BACKEND) fail("a backend's connection was lost");
        client_ended(connection, now);
        return;
    }
    if (!connection->upgraded)
        head_read(connection, buffer, (size_t)length, now);
    else if (connection->role == CLIENT)
        client_read(connection, buffer, (size_t)length, now);
    else
        backend_read(connection, buffer, (size_t)length);
    if (!connection->closed) write_burst(connection);
}

static void acceptable(int listener) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) loop_add(fd, BACKEND);
    if (errno != EAGAIN) fail("cannot accept: %s", strerror(errno));
}

static void handle(const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    if (connection->closed) return;
    if (connection->role == LISTENER) {
        acceptable(connection->fd);
    } else if (connection->role == INPUT) {
        exit(0);
    } else {
        if (event->events & EPOLLOUT && !connection_writable(connection))
            fail("a connection was lost in writing: %s", strerror(errno));
        if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(connection, clock_nanos());
    }
}

static void fan_out(uint64_t now) {
    burst.length = 0;
    message_append(&burst, options.size, fan_round++, false);
    size_t length = burst.length;
    round_began = now;
    round_missing = backend_count;
    for (int i = 0; i < backend_count; i++) {
        burst.length = length;
        write_burst(backends[i]);
    }
}

static void send_due(uint64_t now) {
    for (; due_at(paced) <= now; paced++) {
        struct connection *client = clients[paced % (uint64_t)options.connections];
        append_next(client, now);
        write_burst(client);
    }
}

/* All are connected: what the mode wants to happen begins. */
static void begin(uint64_t now) {
    phase = WARMING;
    phase_ends = now + (uint64_t)(options.warm_up * 1e9);
    if (options.mode == IDLE) {
        phase = RESTING;
        loop_add(STDIN_FILENO, INPUT);
        puts("READY");
        fflush(stdout);
    } else if (options.mode == ECHO && options.rate > 0) {
        pace_began = now;
    } else if (options.mode == ECHO) {
        for (int i = 0; i < options.connections; i++) {
            for (int sent = 0; sent < options.in_flight; sent++) append_next(clients[i], now);
            write_burst(clients[i]);
        }
    }
}

static void go_on(uint64_t now) {
    if (options.mode == CONNECT) {
        while (opened < options.connections) open_client(now);
    } else {
        while (opened < options.connections && opened - upgraded < OPENING_AT_ONCE) open_client(now);
    }
    if (phase == OPENING && upgraded >= options.connections) begin(now);
    if (phase == RESTING || phase == OPENING) return;
    if (options.mode == ECHO && options.rate > 0) send_due(now);
    if (options.mode == FANOUT && round_missing == 0) fan_out(now);
    if (now < phase_ends) return;
    if (phase == MEASURING) {
        measurement_end(&measurement, &options);
        exit(0);
    }
    measurement_begin(&measurement, &options);
    phase = MEASURING;
    phase_ends = clock_nanos() + (uint64_t)(options.seconds * 1e9);
}

static uint64_t patience(uint64_t now) {
    uint64_t until = now + TICK_NANOS;
    if (options.rate > 0 && (phase == WARMING || phase == MEASURING) && due_at(paced) < until) until = due_at(paced);
    return until > now ? until - now : 0;
}

int main(int count, char **arguments) {
    options = options_parse(count, arguments);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    messages_prepare();
    loop_open();
    clients = calloc((size_t)options.connections, sizeof *clients);
    backends = calloc((size_t)options.connections, sizeof *backends);
    if (clients == NULL || backends == NULL) fail("there is no memory left");
    loop_add(listen_on(options.backend_port), LISTENER);
    last_progress = clock_nanos();
    for (;;) {
        uint64_t now = clock_nanos();
        go_on(now);
        struct epoll_event events[EVENTS];
        int ready = loop_wait(events, EVENTS, patience(now));
        for (int i = 0; i < ready; i++) handle(&events[i]);
        loop_free_closed();
        if (phase != RESTING && clock_nanos() > last_progress + STALLED_NANOS) fail("nothing came for 30 s");
    }
}
