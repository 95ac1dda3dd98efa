#ifndef RUN_H
#define RUN_H

#include "connection.h"
#include "measurement.h"
#include "options.h"

enum phase { OPENING, WARMING, MEASURING, RESTING };

/* What clients, backends and the loop share. */
struct run {
    struct options options;
    struct measurement measurement;
    enum phase phase;
    uint64_t phase_ends;
    uint64_t last_progress;
    struct burst burst; /* gathers what a read makes to be written */
    /* The fan-out's message under way: since when, and how many clients do not have it yet. */
    uint64_t round_began;
    int round_missing;
};

extern struct run run;

/* Writes what was gathered to a connection. */
void run_write_burst(struct connection *connection);

/* Notes that a message or a connection, which began then, is done. */
void run_completed(uint64_t now, uint64_t since);

#endif
