#include "frames.h"

#include <string.h>

static unsigned header_length(const unsigned char *header) {
    unsigned size = header[1] & 0x7f;
    return 2 + (size == 126 ? 2 : size == 127 ? 8 : 0) + (header[1] & 0x80 ? 4 : 0);
}

size_t frame_header(struct frame_reader *reader, const char *data, size_t length) {
    size_t used = 0;
    while (reader->have < 2 || reader->have < header_length(reader->header)) {
        if (used == length) return used;
        reader->header[reader->have++] = (unsigned char)data[used++];
    }
    const unsigned char *header = reader->header;
    unsigned size = header[1] & 0x7f, extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    reader->length = extended ? 0 : size;
    for (unsigned i = 0; i < extended; i++) reader->length = reader->length << 8 | header[2 + i];
    reader->opcode = header[0] & 0x0f;
    reader->masked = header[1] & 0x80;
    if (reader->masked) memcpy(reader->mask, header + 2 + extended, 4);
    reader->position = 0;
    reader->in_payload = true;
    return used;
}

void frame_next(struct frame_reader *reader) {
    reader->in_payload = false;
    reader->have = 0;
}

size_t frame_write_header(char *to, int opcode, size_t length, const unsigned char *mask) {
    unsigned char *next = (unsigned char *)to, masked = mask != NULL ? 0x80 : 0;
    *next++ = (unsigned char)(0x80 | opcode);
    if (length < 126) {
        *next++ = masked | (unsigned char)length;
    } else {
        int extended = length < 65536 ? 2 : 8;
        *next++ = masked | (extended == 2 ? 126 : 127);
        while (extended-- > 0) *next++ = (unsigned char)((uint64_t)length >> (8 * extended));
    }
    if (mask != NULL) {
        memcpy(next, mask, 4);
        next += 4;
    }
    return (size_t)((char *)next - to);
}

void frame_mask(char *to, const char *from, size_t length, const unsigned char mask[4], uint64_t position) {
    unsigned char turned[8];
    for (unsigned i = 0; i < 8; i++) turned[i] = mask[(position + i) & 3];
    uint64_t wide;
    memcpy(&wide, turned, 8);
    size_t done = 0;
    for (; done + 8 <= length; done += 8) {
        uint64_t eight;
        memcpy(&eight, from + done, 8);
        eight ^= wide;
        memcpy(to + done, &eight, 8);
    }
    for (; done < length; done++) to[done] = (char)(from[done] ^ turned[done & 7]);
}
