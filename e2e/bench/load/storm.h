#ifndef STORM_H
#define STORM_H

#include "connection.h"

/*
 * A storm of handshakes beside the open WebSockets. With --storm RATE the loop is open: handshakes begin when they are
 * due, whatever became of the earlier ones. With --storm-at-once N it is closed: so many are under way at any time. Each
 * ends with its answer: the client resets the connection. One that has no answer within two seconds is given up.
 */
void storm_begin(uint64_t now);

/* Begins the handshakes that are due, a few at a time, and gives up those that have waited too long. */
void storm_go_on(uint64_t now);

/* When the next handshake is due. */
uint64_t storm_next_due(void);

/* Something happened to a connection of the storm. */
void storm_event(struct connection *connection, bool writable, uint64_t now);

/* From now on outcomes count. */
void storm_measure(uint64_t now);

/* Prints them, as members of a JSON object. */
void storm_print(uint64_t now);

#endif
