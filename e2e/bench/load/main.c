/*
 * A load generator for WebSocket proxies and the echo backends behind them, in one process on one epoll loop.
 *
 *   load --target-port 7001 --backend-port 7010 --connections 64 --size 64 --pid 4711
 *
 * It opens the connections through the proxy at the target port, warms up, measures, prints one JSON object and exits.
 * With --rate the loop is open: messages go out when they are due, and latency counts from then, so that a stall of
 * the proxy counts for every message that it delays. A lost connection or a wrong echo ends it with exit status 1; with
 * --keep-on, for an open loop, a lost connection is counted and opened anew. With --tls the clients speak TLS, each
 * connection with a full handshake; with --resume, each resumes the session of the one before it in its place. With
 * --headers each handshake has the next header line of a file.
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

#include "backends.h"
#include "clients.h"
#include "headers.h"
#include "messages.h"
#include "run.h"
#include "storm.h"
#include "tls.h"

#define EVENTS 512
#define STORM_EVENTS 32
#define READ_SIZE (128 * 1024)
#define STALLED_NANOS (30 * 1000000000ull)
#define TICK_NANOS 10000000ull

static char buffer[READ_SIZE];

static void refused(struct connection *client, uint64_t now) {
    if (!run.options.keep_on)
        fail("an upgrade was refused: %.*s", (int)strcspn(client->head, "\r"), client->head);
    client_lost(client, now);
}

static void head_read(struct connection *connection, const char *data, size_t length, uint64_t now) {
    size_t behind;
    if (!connection_head(connection, data, length, &behind)) return;
    if (connection->role == CLIENT) {
        if (!handshake_accepted(connection->head, connection->key)) {
            refused(connection, now);
            return;
        }
        client_upgraded(connection, now);
    } else if (!handshake_is_own(connection->head)) {
        connection_close(connection);
        return;
    } else {
        burst_room(&run.burst, 1024);
        if (!handshake_answer(connection->head, run.burst.data, run.burst.capacity, &run.burst.length))
            fail("a backend got a request that is no upgrade");
        connection->of_storm = handshake_is_storm(connection->head);
        backend_upgraded(connection);
        if (run.options.storms && !connection->of_storm) loop_hurry(connection);
    }
    if (behind == 0) return;
    if (!run.options.keep_on) fail("a peer sent frames before its handshake was over");
    /* A goodbye that came with the handshake. */
    if (connection->role == CLIENT)
        client_lost(connection, now);
    else
        connection_close(connection);
}

static void ended(struct connection *connection, ssize_t length, uint64_t now) {
    if (connection->role == BACKEND && (!connection->upgraded || connection->of_storm || run.options.keep_on)) {
        connection_close(connection); /* of a client that was lost, or of an earlier run: see handshake_is_own */
    } else if (connection->role == CLIENT && run.options.keep_on) {
        client_lost(connection, now);
    } else if (length < 0) {
        fail("a connection was lost: %s", strerror(errno));
    } else if (connection->role == BACKEND) {
        fail("a backend's connection was lost");
    } else {
        client_ended(connection, now);
    }
}

static void readable(struct connection *connection, uint64_t now) {
    do {
        ssize_t length = connection_read(connection, buffer, READ_SIZE);
        if (length < 0 && errno == EAGAIN) break;
        if (length <= 0) {
            ended(connection, length, now);
            return;
        }
        if (!connection->upgraded)
            head_read(connection, buffer, (size_t)length, now);
        else if (connection->role == CLIENT)
            client_read(connection, buffer, (size_t)length, now);
        else
            backend_read(connection, buffer, (size_t)length);
    } while (!connection->closed && connection_holds_bytes(connection));
    if (!connection->closed) run_write_burst(connection);
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
    } else if (connection->role == STORM) {
        storm_event(connection, event->events & EPOLLOUT, clock_nanos());
    } else if (connection->role != URGENT) {
        if (event->events & EPOLLOUT && !connection_writable(connection) && !run.options.keep_on)
            fail("a connection was lost in writing: %s", strerror(errno));
        if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(connection, clock_nanos());
    }
}

/* Open WebSockets do not wait for the storm, so that their times tell of the proxy. */
static void hurry(void) {
    struct epoll_event events[EVENTS];
    int ready = loop_urgent(events, EVENTS);
    for (int i = 0; i < ready; i++) handle(&events[i]);
    if (run.phase == WARMING || run.phase == MEASURING) clients_send_due(clock_nanos());
}

/* All are connected: what the mode wants to happen begins. */
static void begin(uint64_t now) {
    run.phase = WARMING;
    run.phase_ends = now + (uint64_t)(run.options.warm_up * 1e9);
    if (run.options.mode == IDLE) {
        run.phase = RESTING;
        loop_add(STDIN_FILENO, INPUT);
        puts("READY");
        fflush(stdout);
    } else if (run.options.mode == ECHO && run.options.rate > 0) {
        clients_pace(now);
        if (run.options.storms) storm_begin(now);
    } else if (run.options.mode == ECHO) {
        clients_begin(now);
    }
}

/* Nothing moves until a line comes, so that others can begin or end to look at the proxy. */
static void hold(void) {
    fflush(stdout);
    for (int c; (c = getchar()) != '\n' && c != EOF;) continue;
}

static void go_on(uint64_t now) {
    clients_open(now);
    if (run.phase == OPENING && clients_all_upgraded()) begin(now);
    if (run.phase == RESTING || run.phase == OPENING) return;
    if (run.options.mode == ECHO && run.options.rate > 0) clients_send_due(now);
    if (run.options.storms) storm_go_on(now);
    if (run.options.mode == FANOUT && run.round_missing == 0) backends_fan_out(now);
    if (now < run.phase_ends) return;
    if (run.phase == MEASURING) {
        measurement_end(&run.measurement, &run.options);
        if (run.options.hold) hold();
        exit(0);
    }
    if (run.options.hold) {
        puts("READY");
        hold();
        run.last_progress = clock_nanos();
        clients_put_off(run.last_progress - now);
    }
    measurement_begin(&run.measurement, &run.options);
    run.phase = MEASURING;
    run.phase_ends = clock_nanos() + (uint64_t)(run.options.seconds * 1e9);
}

static uint64_t patience(uint64_t now) {
    uint64_t until = now + TICK_NANOS;
    bool paced = run.options.rate > 0 && (run.phase == WARMING || run.phase == MEASURING);
    if (paced && clients_next_due() < until) until = clients_next_due();
    if (paced && run.options.storms && storm_next_due() < until) until = storm_next_due();
    return until > now ? until - now : 0;
}

int main(int count, char **arguments) {
    run.options = options_parse(count, arguments);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    messages_prepare();
    headers_prepare(run.options.headers);
    if (run.options.tls) tls_prepare(&run.options);
    loop_open();
    clients_prepare();
    backends_prepare();
    loop_add(listen_on(run.options.backend_port), LISTENER);
    if (run.options.spare_port) loop_add(listen_on(run.options.spare_port), LISTENER);
    run.last_progress = clock_nanos();
    for (;;) {
        uint64_t now = clock_nanos();
        go_on(now);
        struct epoll_event events[EVENTS];
        int ready = loop_wait(events, run.options.storms ? STORM_EVENTS : EVENTS, patience(now));
        for (int i = 0; i < ready; i++) {
            handle(&events[i]);
            if (run.options.storms) hurry();
        }
        loop_free_closed();
        if (run.phase != RESTING && clock_nanos() > run.last_progress + STALLED_NANOS) fail("nothing came for 30 s");
    }
}
