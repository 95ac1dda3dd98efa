#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_HEADER 14
#define BINARY 2
#define CLOSE 8

/* Where in the stream of frames (RFC 6455 section 5.2) a reader is. */
struct frame_reader {
    unsigned char header[MAX_HEADER];
    unsigned char have; /* bytes of the header that came */
    bool in_payload;
    bool masked;
    unsigned char opcode;
    unsigned char mask[4];
    uint64_t length;   /* of the payload */
    uint64_t position; /* in the payload */
};

/* Takes bytes of a header and returns how many; in_payload is set once it is whole. */
size_t frame_header(struct frame_reader *reader, const char *data, size_t length);

/* Makes it wait for the next header. */
void frame_next(struct frame_reader *reader);

/* Writes the header of a final frame, masked with `mask` unless that is NULL, and returns its length. */
size_t frame_write_header(char *to, int opcode, size_t length, const unsigned char *mask);

/* XORs with the mask of a payload from `position` of that payload on; `from` and `to` may be the same. */
void frame_mask(char *to, const char *from, size_t length, const unsigned char mask[4], uint64_t position);

#endif
