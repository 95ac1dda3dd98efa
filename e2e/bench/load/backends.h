#ifndef BACKENDS_H
#define BACKENDS_H

#include "connection.h"

void backends_prepare(void);

/* Sends one message to every client; to be called once all clients have the last one. */
void backends_fan_out(uint64_t now);

/* What the loop tells of a backend: its handshake is over, frames came. */
void backend_upgraded(struct connection *backend);
void backend_read(struct connection *backend, const char *data, size_t length);

#endif
