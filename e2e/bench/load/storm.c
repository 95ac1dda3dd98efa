#include "storm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "tls.h"

#define PATIENCE_NANOS 2000000000ull
#define BEGUN_AT_ONCE 8
/* Waiting at a time. Each may take two descriptors: of a client and of a backend. */
#define MOST 12000
#define LATE_NANOS 10000000ull

enum outcome { SERVED, REFUSED, RESET, OUTCOMES };

/* How many are due or were begun, how many of them never were, and how many have no answer yet. */
static uint64_t began, begun, left_out, under_way;
/* Those without an answer, the oldest first. */
static struct connection *oldest, *newest;

/* What counts, and since when. */
static struct histogram times[OUTCOMES];
static uint64_t measured_since, begun_before, left_out_before, unanswered;

static uint64_t due_at(uint64_t number) {
    return began + (uint64_t)((double)number / run.options.storm * 1e9);
}

static void append(struct connection *connection) {
    connection->before = newest;
    if (newest != NULL) newest->after = connection;
    newest = connection;
    if (oldest == NULL) oldest = connection;
    under_way++;
}

static void end(struct connection *connection) {
    if (connection->before != NULL) connection->before->after = connection->after;
    if (connection->after != NULL) connection->after->before = connection->before;
    if (oldest == connection) oldest = connection->after;
    if (newest == connection) newest = connection->before;
    under_way--;
    connection_reset(connection);
}

static void over(struct connection *connection, enum outcome outcome, uint64_t now) {
    histogram_record(&times[outcome], now - connection->began);
    end(connection);
}

static void open_next(uint64_t now) {
    struct connection *connection = connect_as(STORM, run.options.target_port, (int)(begun++ % STORM_ADDRESSES));
    connection->began = run.options.storm > 0 ? due_at(begun - 1) : now;
    if (run.options.tls) tls_begin(connection);
    append(connection);
    char request[REQUEST_CAPACITY];
    size_t length = handshake_request(request, sizeof request, "storm", run.options.target_port, connection->key);
    connection_write(connection, request, length); /* what is broken ends where it is read */
}

void storm_begin(uint64_t now) {
    began = now;
    measured_since = now;
}

void storm_go_on(uint64_t now) {
    while (oldest != NULL && oldest->began + PATIENCE_NANOS < now) {
        unanswered++;
        end(oldest);
    }
    /* Those that this process is too slow or has too few descriptors for are not offered: their times would be its own. */
    for (; run.options.storm > 0 && (due_at(begun) + LATE_NANOS < now || under_way >= MOST); begun++) {
        if (due_at(begun) > now) break;
        left_out++;
    }
    for (int i = 0; i < BEGUN_AT_ONCE; i++) {
        bool due = run.options.storm > 0 ? due_at(begun) <= now : under_way < (uint64_t)run.options.storm_at_once;
        if (!due) return;
        open_next(now);
    }
}

uint64_t storm_next_due(void) {
    return run.options.storm > 0 ? due_at(begun) : UINT64_MAX;
}

void storm_event(struct connection *connection, bool writable, uint64_t now) {
    if (writable && !connection_writable(connection)) {
        over(connection, RESET, now);
        return;
    }
    char data[1024];
    ssize_t length = connection_read(connection, data, sizeof data);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        over(connection, RESET, now);
        return;
    }
    size_t behind;
    if (!connection_head(connection, data, (size_t)length, &behind)) return;
    if (handshake_accepted(connection->head, connection->key))
        over(connection, SERVED, now);
    else if (!strncmp(connection->head, "HTTP/1.1 ", 9) && strncmp(connection->head + 9, "101", 3))
        over(connection, REFUSED, now);
    else
        fail("a handshake had no valid answer: %.*s", (int)strcspn(connection->head, "\r"), connection->head);
}

void storm_measure(uint64_t now) {
    memset(times, 0, sizeof times);
    measured_since = now;
    begun_before = begun;
    left_out_before = left_out;
    unanswered = 0;
}

static void print_times(const char *name, const struct histogram *histogram) {
    if (histogram->total == 0) return;
    printf("\"%sP50Millis\": %.3f, \"%sP99Millis\": %.3f, ", name, (double)histogram_quantile(histogram, 0.5) / 1e6, name,
           (double)histogram_quantile(histogram, 0.99) / 1e6);
}

void storm_print(uint64_t now) {
    double seconds = (double)(now - measured_since) / 1e9;
    printf("\"offeredPerSecond\": %.1f, \"servedPerSecond\": %.1f, \"refusedPerSecond\": %.1f, "
           "\"resetPerSecond\": %.1f, \"unansweredPerSecond\": %.1f, ",
           (double)(begun - begun_before - (left_out - left_out_before)) / seconds, (double)times[SERVED].total / seconds,
           (double)times[REFUSED].total / seconds, (double)times[RESET].total / seconds, (double)unanswered / seconds);
    print_times("served", &times[SERVED]);
    struct histogram refusals = times[REFUSED];
    histogram_add(&refusals, &times[RESET]);
    print_times("refused", &refusals);
}
