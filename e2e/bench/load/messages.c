#include "messages.h"

#include <string.h>

static const unsigned char MASK[4] = {0x37, 0xfa, 0x21, 0x3d};
static char pattern[MAX_SIZE], masked_pattern[MAX_SIZE];

void messages_prepare(void) {
    uint32_t state = 1;
    for (size_t i = 0; i < MAX_SIZE; i++) {
        state = state * 1664525 + 1013904223;
        pattern[i] = (char)(state >> 24);
    }
    frame_mask(masked_pattern, pattern, MAX_SIZE, MASK, 0);
}

size_t message_size(const struct options *options, int client, uint64_t sequence) {
    if (!options->mixed) return options->size;
    uint64_t hash = ((uint64_t)client << 40 ^ sequence) * 0x9e3779b97f4a7c15;
    hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9;
    hash ^= hash >> 32;
    /* Every octave from MIN_SIZE on is as likely as the others. */
    size_t octave = (size_t)MIN_SIZE << hash % 12;
    return octave + (hash >> 8) % octave;
}

void message_append(struct burst *burst, size_t size, uint64_t sequence, bool masked) {
    char *to = burst_room(burst, size + MAX_HEADER);
    size_t header = frame_write_header(to, BINARY, size, masked ? MASK : NULL);
    memcpy(to + header, masked ? masked_pattern : pattern, size);
    memcpy(to + header, &sequence, sizeof sequence);
    if (masked) frame_mask(to + header, to + header, sizeof sequence, MASK, 0);
    burst->length += header + size;
}

void message_check(struct connection *client, const char *payload, size_t length) {
    uint64_t position = client->frames.position;
    if (position < sizeof client->sequence) {
        size_t numbered = sizeof client->sequence - position;
        if (numbered > length) numbered = length;
        memcpy(client->sequence + position, payload, numbered);
        payload += numbered;
        length -= numbered;
        position += numbered;
    }
    if (memcmp(payload, pattern + position, length) != 0)
        fail("a wrong echo: message %llu of connection %d came with other content",
             (unsigned long long)client->received, client->index);
}

void message_check_end(const struct connection *client) {
    uint64_t sequence;
    memcpy(&sequence, client->sequence, sizeof sequence);
    if (sequence != client->received)
        fail("a wrong echo: connection %d awaits message %llu, and %llu came", client->index,
             (unsigned long long)client->received, (unsigned long long)sequence);
}
