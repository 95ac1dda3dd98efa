#define _GNU_SOURCE
#include "handshake.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "headers.h"

static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static uint32_t rotated(uint32_t value, int by) {
    return value << by | value >> (32 - by);
}

static void sha1_block(uint32_t state[5], const unsigned char block[64]) {
    uint32_t words[80];
    for (int i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
                   block[4 * i + 3];
    for (int i = 16; i < 80; i++) words[i] = rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                  : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = rotated(a, 5) + mixed + e + words[i];
        e = d, d = c, c = rotated(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* SHA-1 (RFC 3174) of a text that fills two blocks with its padding: 56 to 119 bytes. */
static void sha1(const char *text, size_t length, unsigned char digest[20]) {
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    unsigned char blocks[128] = {0};
    memcpy(blocks, text, length);
    blocks[length] = 0x80;
    blocks[126] = (unsigned char)(length >> 5);
    blocks[127] = (unsigned char)(length << 3);
    sha1_block(state, blocks);
    sha1_block(state, blocks + 64);
    for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char *bytes, size_t length, char *to) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? bytes[i + 2] : 0);
        *to++ = digits[group >> 18];
        *to++ = digits[group >> 12 & 63];
        *to++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[group & 63] : '=';
    }
    *to = 0;
}

static void accept_of(const char *key, char accept[ACCEPT_LENGTH + 1]) {
    char text[KEY_LENGTH + sizeof GUID];
    unsigned char digest[20];
    memcpy(text, key, KEY_LENGTH);
    memcpy(text + KEY_LENGTH, GUID, sizeof GUID);
    sha1(text, KEY_LENGTH + sizeof GUID - 1, digest);
    base64(digest, sizeof digest, accept);
}

/* The start of a header's value, or NULL. */
static const char *header(const char *head, const char *name) {
    const char *found = strcasestr(head, name);
    if (found == NULL) return NULL;
    found += strlen(name);
    return found + strspn(found, " \t");
}

size_t handshake_request(char *to, size_t capacity, const char *segment, int port, char key[KEY_LENGTH + 1]) {
    static uint64_t state = 0x9e3779b97f4a7c15;
    unsigned char nonce[16];
    for (size_t i = 0; i < sizeof nonce; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        nonce[i] = (unsigned char)(state >> 56);
    }
    base64(nonce, sizeof nonce, key);
    return (size_t)snprintf(to, capacity,
                            "GET /%s/%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                            segment, (int)getpid(), port, key, headers_next());
}

bool handshake_is_own(const char *request) {
    int pid;
    return sscanf(request, "GET /%*5[a-z]/%d ", &pid) == 1 && pid == (int)getpid();
}

bool handshake_is_storm(const char *request) {
    return !strncmp(request, "GET /storm/", 11);
}

bool handshake_answer(const char *request, char *to, size_t capacity, size_t *length) {
    const char *upgrade = header(request, "\r\nUpgrade:");
    const char *key = header(request, "\r\nSec-WebSocket-Key:");
    if (upgrade == NULL || strncasecmp(upgrade, "websocket\r\n", 11) != 0 || key == NULL ||
        strcspn(key, "\r") != KEY_LENGTH)
        return false;
    char accept[ACCEPT_LENGTH + 1];
    accept_of(key, accept);
    *length = (size_t)snprintf(to, capacity,
                               "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: %s\r\n\r\n",
                               accept);
    return true;
}

bool handshake_accepted(const char *response, const char key[KEY_LENGTH + 1]) {
    char accept[ACCEPT_LENGTH + 1];
    accept_of(key, accept);
    const char *given = header(response, "\r\nSec-WebSocket-Accept:");
    return !strncmp(response, "HTTP/1.1 101 ", 13) && given != NULL && !strncmp(given, accept, ACCEPT_LENGTH);
}
