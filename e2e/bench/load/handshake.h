#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_LENGTH 24
#define ACCEPT_LENGTH 28
#define REQUEST_CAPACITY 4096

/*
 * Writes an upgrade request for a path that begins with this segment, with a fresh key (RFC 6455 section 4.1) and the next of the
 * additional headers, and returns its length. The capacity must be REQUEST_CAPACITY or more.
 */
size_t handshake_request(char *to, size_t capacity, const char *segment, int port, char key[KEY_LENGTH + 1]);

/*
 * Whether a request head comes from a client of this process. A proxy may still hold connections of clients of an
 * earlier run, which have gone, and bring them to a backend of this one.
 */
bool handshake_is_own(const char *request);

/* Whether a request head of this process is one of the storm. */
bool handshake_is_storm(const char *request);

/* Writes the 101 that answers a whole request head; false if the head asks for no WebSocket. */
bool handshake_answer(const char *request, char *to, size_t capacity, size_t *length);

/* Whether a whole response head is the 101 that belongs to the key. */
bool handshake_accepted(const char *response, const char key[KEY_LENGTH + 1]);

#endif
