#include "backends.h"

#include <stdlib.h>

#include "messages.h"
#include "run.h"

static struct connection **backends;
static int backend_count;
static uint64_t fan_round;

void backends_prepare(void) {
    backends = calloc((size_t)run.options.connections, sizeof *backends);
    if (backends == NULL) fail("there is no memory left");
}

void backend_upgraded(struct connection *backend) {
    backend->upgraded = true;
    if (run.options.mode == FANOUT) backends[backend_count++] = backend;
}

/* Echoes what came, piece by piece. */
void backend_read(struct connection *backend, const char *data, size_t length) {
    struct frame_reader *frames = &backend->frames;
    while (length > 0) {
        if (!frames->in_payload) {
            size_t used = frame_header(frames, data, length);
            data += used;
            length -= used;
            if (!frames->in_payload) return;
            if (!frames->masked && run.options.keep_on) { /* Caddy says goodbye so */
                run_write_burst(backend);
                connection_close(backend);
                return;
            }
            if (!frames->masked) fail("an unmasked frame came to a backend");
            char *to = burst_room(&run.burst, MAX_HEADER);
            run.burst.length += frame_write_header(to, frames->opcode, frames->length, NULL);
        }
        size_t part = frames->length - frames->position < length ? frames->length - frames->position : length;
        frame_mask(burst_room(&run.burst, part), data, part, frames->mask, frames->position);
        run.burst.length += part;
        frames->position += part;
        data += part;
        length -= part;
        if (frames->position < frames->length) return;
        frame_next(frames);
        if (frames->opcode == CLOSE) {
            /* RFC 6455 section 7.1.1: the server closes first. */
            run_write_burst(backend);
            connection_close(backend);
            return;
        }
    }
}

void backends_fan_out(uint64_t now) {
    run.burst.length = 0;
    message_append(&run.burst, run.options.size, fan_round++, false);
    size_t length = run.burst.length;
    run.round_began = now;
    run.round_missing = backend_count;
    for (int i = 0; i < backend_count; i++) {
        run.burst.length = length;
        run_write_burst(backends[i]);
    }
}
