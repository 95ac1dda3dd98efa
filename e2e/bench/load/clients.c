#include "clients.h"

#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "run.h"
#include "tls.h"

#define OPENING_AT_ONCE 64

static struct connection **clients;
static int opened, upgraded;

/* The open loop: when it began, and how many messages were due since. */
static uint64_t pace_began, paced;

static uint64_t due_at(uint64_t message) {
    return pace_began + (uint64_t)((double)message / (run.options.rate * run.options.connections) * 1e9);
}

static void append_next(struct connection *client, uint64_t now) {
    client->sent_at[client->sent % (uint64_t)run.options.in_flight] = now;
    message_append(&run.burst, message_size(&run.options, client->index, client->sent), client->sent, true);
    client->sent++;
}

static void append_close(void) {
    static const unsigned char unmasked[4];
    char *to = burst_room(&run.burst, MAX_HEADER + 2);
    size_t header = frame_write_header(to, CLOSE, 2, unmasked);
    memcpy(to + header, "\x03\xe8", 2); /* 1000, a normal closure */
    run.burst.length += header + 2;
}

static struct connection *open_indexed(int index, uint64_t now) {
    bool direct = index >= run.options.connections - run.options.direct;
    struct connection *client = connect_as(CLIENT, direct ? run.options.backend_port : run.options.target_port, 0);
    client->index = index;
    client->began = now;
    if (run.options.tls && !direct) tls_begin(client);
    client->sent_at = calloc((size_t)run.options.in_flight, sizeof *client->sent_at);
    if (run.options.mode != CONNECT) clients[client->index] = client;
    burst_room(&run.burst, REQUEST_CAPACITY);
    run.burst.length = handshake_request(run.burst.data, run.burst.capacity, "bench", run.options.target_port, client->key);
    run_write_burst(client);
    return client;
}

static void open_client(uint64_t now) {
    open_indexed(run.options.mode == CONNECT ? opened % run.options.connections : opened, now);
    opened++;
}

void client_upgraded(struct connection *client, uint64_t now) {
    client->upgraded = true;
    upgraded++;
    run.last_progress = now;
    if (run.options.storms) loop_hurry(client);
    if (run.options.mode == CONNECT) append_next(client, now);
}

static void client_message(struct connection *client, uint64_t now) {
    message_check_end(client);
    uint64_t sequence = client->received++;
    if (run.options.mode == CONNECT) {
        append_close();
    } else if (run.options.mode == FANOUT) {
        run_completed(now, run.round_began);
        run.round_missing--;
    } else if (run.options.rate > 0) {
        uint64_t due = due_at(sequence * (uint64_t)run.options.connections + (uint64_t)client->index);
        if (client->index < run.options.connections - run.options.direct)
            run_completed(now, due);
        else if (run.phase == MEASURING)
            histogram_record(&run.measurement.direct, now - due);
    } else {
        run_completed(now, client->sent_at[sequence % (uint64_t)run.options.in_flight]);
        append_next(client, now);
    }
}

static void client_frame_begins(const struct connection *client) {
    if (client->frames.opcode == CLOSE && run.options.mode == CONNECT && client->received == 1) return;
    if (client->frames.opcode == CLOSE && run.options.keep_on) return;
    if (client->frames.opcode != BINARY) fail("a frame with opcode %d came to a client", client->frames.opcode);
    size_t expected = run.options.mode == FANOUT ? run.options.size
                                                 : message_size(&run.options, client->index, client->received);
    if (client->frames.length != expected)
        fail("a wrong echo: %llu bytes instead of %zu", (unsigned long long)client->frames.length, expected);
}

void client_read(struct connection *client, const char *data, size_t length, uint64_t now) {
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

void client_ended(struct connection *client, uint64_t now) {
    bool after_close = run.options.mode == CONNECT && client->received == 1 && client->frames.opcode == CLOSE &&
                       !client->frames.in_payload;
    if (!after_close) fail("a client's connection was lost");
    run_completed(now, client->began);
    connection_close(client);
    open_client(now);
}

static void lose(uint64_t messages) {
    if (run.phase == MEASURING) run.measurement.lost_messages += messages;
}

void client_lost(struct connection *client, uint64_t now) {
    if (run.phase == MEASURING) run.measurement.cuts++;
    lose(client->sent - client->received);
    if (client->upgraded) upgraded--;
    uint64_t sent = client->sent;
    connection_close(client);
    struct connection *next = open_indexed(client->index, now);
    /* It goes on in the same place, so that what is due when stays as it was. */
    next->sent = next->received = sent;
}

void clients_prepare(void) {
    clients = calloc((size_t)run.options.connections, sizeof *clients);
    if (clients == NULL) fail("there is no memory left");
}

void clients_open(uint64_t now) {
    while (opened < run.options.connections &&
           (run.options.mode == CONNECT || opened - upgraded < OPENING_AT_ONCE))
        open_client(now);
}

bool clients_all_upgraded(void) {
    return upgraded >= run.options.connections;
}

void clients_begin(uint64_t now) {
    for (int i = 0; i < run.options.connections; i++) {
        for (int sent = 0; sent < run.options.in_flight; sent++) append_next(clients[i], now);
        run_write_burst(clients[i]);
    }
}

void clients_pace(uint64_t now) {
    pace_began = now;
}

void clients_put_off(uint64_t nanos) {
    pace_began += nanos;
}

void clients_send_due(uint64_t now) {
    for (; due_at(paced) <= now; paced++) {
        struct connection *client = clients[paced % (uint64_t)run.options.connections];
        if (!client->upgraded) { /* it was lost, and is not open again */
            client->received = ++client->sent;
            lose(1);
            continue;
        }
        append_next(client, now);
        run_write_burst(client);
    }
}

uint64_t clients_next_due(void) {
    return due_at(paced);
}
