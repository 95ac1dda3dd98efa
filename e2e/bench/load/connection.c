#define _GNU_SOURCE
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "tls.h"

#define MAX_HEAD 4096

static int epoll, urgent;
static struct connection *closed;

char *burst_room(struct burst *burst, size_t more) {
    if (burst->length + more > burst->capacity) {
        burst->capacity = 2 * (burst->length + more);
        if ((burst->data = realloc(burst->data, burst->capacity)) == NULL) fail("there is no memory left");
    }
    return burst->data + burst->length;
}

static void watch(const struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = (void *)connection};
    if (epoll_ctl(connection->urgent ? urgent : epoll, operation, connection->fd, &event)) fail("epoll refuses: %s", strerror(errno));
}

void loop_open(void) {
    epoll = epoll_create1(0);
    urgent = epoll_create1(0);
    loop_add(urgent, URGENT);
}

struct connection *loop_add(int fd, enum role role) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) fail("there is no memory left");
    connection->fd = fd;
    connection->role = role;
    if (role == CLIENT || role == BACKEND || role == STORM) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if ((connection->head = malloc(MAX_HEAD)) == NULL) fail("there is no memory left");
    }
    watch(connection, EPOLL_CTL_ADD, EPOLLIN);
    return connection;
}

int loop_wait(struct epoll_event *events, int capacity, uint64_t nanos) {
    struct timespec time = {.tv_sec = (time_t)(nanos / 1000000000), .tv_nsec = (long)(nanos % 1000000000)};
    int ready = epoll_pwait2(epoll, events, capacity, &time, NULL);
    if (ready < 0 && errno != EINTR) fail("epoll refuses: %s", strerror(errno));
    return ready;
}

void loop_hurry(struct connection *connection) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, connection->fd, NULL);
    connection->urgent = true;
    watch(connection, EPOLL_CTL_ADD, connection->pending_length > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

int loop_urgent(struct epoll_event *events, int capacity) {
    return epoll_wait(urgent, events, capacity, 0);
}

void loop_free_closed(void) {
    while (closed != NULL) {
        struct connection *connection = closed;
        closed = connection->next_closed;
        free(connection->head);
        free(connection->pending);
        free(connection->sent_at);
        free(connection);
    }
}

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int listen_on(int port) {
    struct sockaddr_in address = loopback(port);
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096))
        fail("cannot listen on port %d: %s", port, strerror(errno));
    return fd;
}

static void bind_to(int fd, int number) {
    struct sockaddr_in address = loopback(0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + (uint32_t)number);
    int on = 1;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) fail("cannot bind: %s", strerror(errno));
}

struct connection *connect_as(enum role role, int port, int number) {
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (role == STORM) bind_to(fd, number);
    if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS))
        fail("cannot connect to port %d: %s", port, strerror(errno));
    return loop_add(fd, role);
}

static ssize_t send_some(struct connection *connection, const char *data, size_t length) {
    return connection->ssl == NULL ? send(connection->fd, data, length, MSG_NOSIGNAL)
                                   : tls_write(connection, data, length);
}

/* For what is pending. */
static void watch_writable(const struct connection *connection) {
    bool in_vain = connection->ssl != NULL && tls_awaits_peer(connection);
    watch(connection, EPOLL_CTL_MOD, in_vain ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

bool connection_write(struct connection *connection, const char *data, size_t length) {
    if (connection->pending_length == 0) {
        ssize_t written = send_some(connection, data, length);
        if (written < 0 && errno != EAGAIN) return false;
        if (written < 0) written = 0;
        if ((size_t)written == length) return true;
        data += written;
        length -= (size_t)written;
        watch_writable(connection);
        connection->pending_start = 0;
    }
    size_t end = connection->pending_start + connection->pending_length;
    if (end + length > connection->pending_capacity) {
        connection->pending_capacity = 2 * (end + length);
        connection->pending = realloc(connection->pending, connection->pending_capacity);
        if (connection->pending == NULL) fail("there is no memory left");
    }
    memcpy(connection->pending + end, data, length);
    connection->pending_length += length;
    return true;
}

bool connection_writable(struct connection *connection) {
    if (connection->pending_length == 0) return true;
    ssize_t written =
        send_some(connection, connection->pending + connection->pending_start, connection->pending_length);
    if (written < 0 && errno != EAGAIN) return false;
    if (written < 0) {
        if (connection->ssl != NULL) watch_writable(connection);
        return true;
    }
    connection->pending_start += (size_t)written;
    connection->pending_length -= (size_t)written;
    if (connection->pending_length == 0) {
        watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    } else if (connection->pending_start > connection->pending_length) {
        memmove(connection->pending, connection->pending + connection->pending_start, connection->pending_length);
        connection->pending_start = 0;
    }
    return true;
}

ssize_t connection_read(struct connection *connection, char *data, size_t capacity) {
    if (connection->ssl == NULL) return read(connection->fd, data, capacity);
    bool secured = connection->secured;
    ssize_t length = tls_read(connection, data, capacity);
    int error = errno;
    /* What waited for the handshake. */
    if (!secured && connection->secured && !connection_writable(connection)) return -1;
    errno = error;
    return length;
}

bool connection_holds_bytes(const struct connection *connection) {
    return connection->ssl != NULL && tls_holds_bytes(connection);
}

void connection_close(struct connection *connection) {
    if (connection->closed) return;
    if (connection->ssl != NULL) tls_end(connection);
    close(connection->fd);
    connection->closed = true;
    connection->next_closed = closed;
    closed = connection;
}

void connection_reset(struct connection *connection) {
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    connection_close(connection);
}

bool connection_head(struct connection *connection, const char *data, size_t length, size_t *behind) {
    size_t before = connection->head_length;
    if (before + length >= MAX_HEAD) fail("an HTTP head is longer than %d bytes", MAX_HEAD);
    memcpy(connection->head + before, data, length);
    connection->head_length += length;
    connection->head[connection->head_length] = 0;
    const char *end = strstr(connection->head, "\r\n\r\n");
    if (end == NULL) return false;
    *behind = connection->head_length - (size_t)(end + 4 - connection->head);
    return true;
}
