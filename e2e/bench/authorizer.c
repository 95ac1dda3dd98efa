/*
 * The service that proxies ask whether a request may pass: one epoll loop, which answers each request at once and keeps connections open.
 *
 *   authorizer PORT PREFIX        on 127.0.0.1; ends by a signal
 *
 * A request with "Authorization: Bearer PREFIX..." gets 200, any other one 401.
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
#include <sys/socket.h>
#include <unistd.h>

#define MAX_HEAD 8192
#define EVENTS 256

struct caller {
    int fd;
    size_t length;
    char head[MAX_HEAD];
};

static const char PASS[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
static const char REFUSE[] = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n";

static int epoll;
static char credentials[256];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void end(struct caller *caller) {
    close(caller->fd);
    free(caller);
}

static bool answer(const struct caller *caller) {
    bool passes = strcasestr(caller->head, credentials) != NULL;
    size_t length = passes ? sizeof PASS - 1 : sizeof REFUSE - 1;
    return send(caller->fd, passes ? PASS : REFUSE, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void on_readable(struct caller *caller) {
    ssize_t length = read(caller->fd, caller->head + caller->length, MAX_HEAD - 1 - caller->length);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        end(caller);
        return;
    }
    caller->length += (size_t)length;
    caller->head[caller->length] = 0;
    if (strstr(caller->head, "\r\n\r\n") == NULL) {
        if (caller->length == MAX_HEAD - 1) end(caller);
        return;
    }
    caller->length = 0;
    if (!answer(caller) || strcasestr(caller->head, "\r\nConnection: close\r\n") != NULL) end(caller);
}

static void on_acceptable(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct caller *caller = calloc(1, sizeof *caller);
    if (caller == NULL) die("calloc");
    caller->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl");
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: authorizer PORT PREFIX\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    snprintf(credentials, sizeof credentials, "\r\nAuthorization: Bearer %s", arguments[2]);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(arguments[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
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
            if (events[i].data.ptr == NULL)
                on_acceptable(listener);
            else
                on_readable(events[i].data.ptr);
        }
    }
}
