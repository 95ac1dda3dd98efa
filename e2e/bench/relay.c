/*
 * The floor that proxies are measured against: a TCP relay on one epoll loop that parses nothing.
 *
 *   relay LISTENPORT BACKENDPORT        both on 127.0.0.1; ends by a signal
 *
 * What it reads from one side it writes to the other at once. Only where a write falls short does it keep the rest,
 * stop reading and wait for EPOLLOUT. An end of one direction is passed on and the other direction goes on.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define EVENTS 256

struct side {
    int fd;
    struct side *peer;
    /* What the peer's bytes left over when a write here fell short. */
    char *rest;
    size_t rest_start, rest_length;
    bool ended;    /* it sent its FIN, and this was passed on or is about to be */
    bool finished; /* we sent our FIN to it */
    bool dead;     /* closed; freed after the events at hand */
    uint32_t watched;
    struct side *next_dead;
};

static int epoll;
static struct side *dead;
static char chunk[CHUNK];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(struct side *side, uint32_t events) {
    if (events == side->watched) return;
    struct epoll_event event = {.events = events, .data.ptr = side};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, side->fd, &event)) die("epoll_ctl");
    side->watched = events;
}

/* Reading stops where the peer has a rest to take first, and after the end. */
static void watch_what_is_due(struct side *side) {
    bool reads = !side->ended && side->peer->rest_length == 0;
    watch(side, (reads ? EPOLLIN : 0) | (side->rest_length > 0 ? EPOLLOUT : 0));
}

static void end_pair(struct side *side) {
    struct side *both[] = {side, side->peer};
    for (int i = 0; i < 2; i++) {
        if (both[i]->dead) continue;
        close(both[i]->fd);
        both[i]->dead = true;
        both[i]->next_dead = dead;
        dead = both[i];
    }
}

static void pass_end_on(struct side *to) {
    if (to->peer->ended && to->rest_length == 0 && !to->finished) {
        shutdown(to->fd, SHUT_WR);
        to->finished = true;
        if (to->ended && to->peer->finished) end_pair(to);
    }
}

static void keep_rest(struct side *to, const char *data, size_t length) {
    if (to->rest == NULL && (to->rest = malloc(CHUNK)) == NULL) die("malloc");
    memcpy(to->rest, data, length);
    to->rest_start = 0;
    to->rest_length = length;
}

static void on_readable(struct side *from) {
    ssize_t length = read(from->fd, chunk, CHUNK);
    if (length < 0) {
        if (errno != EAGAIN) end_pair(from);
        return;
    }
    struct side *to = from->peer;
    if (length == 0) {
        from->ended = true;
        pass_end_on(to);
    } else {
        ssize_t written = write(to->fd, chunk, length);
        if (written < 0 && errno != EAGAIN) {
            end_pair(from);
            return;
        }
        if (written < 0) written = 0;
        if (written == length) return;
        keep_rest(to, chunk + written, length - written);
    }
    if (from->dead) return;
    watch_what_is_due(from);
    watch_what_is_due(to);
}

static void on_writable(struct side *to) {
    ssize_t written = write(to->fd, to->rest + to->rest_start, to->rest_length);
    if (written < 0) {
        if (errno != EAGAIN) end_pair(to);
        return;
    }
    to->rest_start += written;
    to->rest_length -= written;
    if (to->rest_length > 0) return;
    free(to->rest);
    to->rest = NULL;
    pass_end_on(to);
    if (to->dead) return;
    watch_what_is_due(to);
    watch_what_is_due(to->peer);
}

static struct side *side_of(int fd) {
    struct side *side = calloc(1, sizeof *side);
    if (side == NULL) die("calloc");
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    side->fd = fd;
    side->watched = EPOLLIN;
    return side;
}

static void add(struct side *side) {
    struct epoll_event event = {.events = side->watched, .data.ptr = side};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, side->fd, &event)) die("epoll_ctl");
}

static void on_acceptable(int listener, const struct sockaddr_in *backend) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    int to = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (to < 0) die("socket");
    if (connect(to, (const struct sockaddr *)backend, sizeof *backend) && errno != EINPROGRESS) {
        close(fd);
        close(to);
        return;
    }
    struct side *client = side_of(fd);
    struct side *server = side_of(to);
    client->peer = server;
    server->peer = client;
    add(client);
    add(server);
}

static void free_dead(void) {
    while (dead != NULL) {
        struct side *side = dead;
        dead = side->next_dead;
        free(side->rest);
        free(side);
    }
}

static struct sockaddr_in loopback(const char *port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(port)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: relay LISTENPORT BACKENDPORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); /* a write to a peer that has gone reports it */
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in address = loopback(arguments[1]);
    struct sockaddr_in backend = loopback(arguments[2]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) die("listen");
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event)) die("epoll_ctl");
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct side *side = events[i].data.ptr;
            if (side == NULL) {
                on_acceptable(listener, &backend);
                continue;
            }
            if (side->dead) continue;
            if (events[i].events & EPOLLOUT && side->rest_length > 0) on_writable(side);
            if (!side->dead && events[i].events & EPOLLIN) on_readable(side);
            /* With the reading stopped, only this tells of a reset. */
            if (!side->dead && events[i].events & (EPOLLHUP | EPOLLERR) && !(events[i].events & EPOLLIN))
                end_pair(side);
        }
        free_dead();
    }
}
