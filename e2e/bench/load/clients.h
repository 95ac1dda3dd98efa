#ifndef CLIENTS_H
#define CLIENTS_H

#include "connection.h"

void clients_prepare(void);

/* Opens those that are due: all of the run, some at a time; with --mode connect as many as are to be open at once. */
void clients_open(uint64_t now);

bool clients_all_upgraded(void);

/* Sends the first messages of a closed loop. */
void clients_begin(uint64_t now);

/* An open loop: when it begins, putting off what is due by now, sending it, and when the next message is. */
void clients_pace(uint64_t now);
void clients_put_off(uint64_t nanos);
void clients_send_due(uint64_t now);
uint64_t clients_next_due(void);

/* What the loop tells of a client: its handshake is over, frames came, the connection ended. */
void client_upgraded(struct connection *client, uint64_t now);
void client_read(struct connection *client, const char *data, size_t length, uint64_t now);
void client_ended(struct connection *client, uint64_t now);

/* With --keep-on: counts a connection that was cut or refused, and opens it anew. */
void client_lost(struct connection *client, uint64_t now);

#endif
