#ifndef MESSAGES_H
#define MESSAGES_H

#include "connection.h"
#include "options.h"

/*
 * What the messages hold: a sequence number of eight bytes, which counts up on each connection, and then a pattern. So
 * an echo is known to be the right one, whole, and in order.
 */
void messages_prepare(void);

/* The size of a client's message with this number. */
size_t message_size(const struct options *options, int client, uint64_t sequence);

/* Appends the frame of one, as clients send it (masked) or as backends do. */
void message_append(struct burst *burst, size_t size, uint64_t sequence, bool masked);

/* Fails unless this is what belongs at the reader's position of the message that the client waits for. */
void message_check(struct connection *client, const char *payload, size_t length);

/* Fails unless the message just read is the one that the client waits for. */
void message_check_end(const struct connection *client);

#endif
