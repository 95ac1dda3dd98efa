#ifndef MEASUREMENT_H
#define MEASUREMENT_H

#include "histogram.h"
#include "options.h"
#include "usage.h"

/* What happens between its start and its end, and what the measured processes use meanwhile. */
struct measurement {
    struct histogram latencies; /* nanoseconds, one of each message or connection */
    struct histogram direct;    /* the same of connections that do not pass the proxy */
    uint64_t began;
    uint64_t own_began;
    struct usage before;
    uint64_t segments_before;
    uint64_t cuts;          /* connections that ended too early */
    uint64_t lost_messages; /* that had no answer then, or no connection when they were due */
};

/* Nanoseconds of a clock that only moves forward. */
uint64_t clock_nanos(void);

void measurement_begin(struct measurement *measurement, const struct options *options);

/* Prints the result as one JSON object. */
void measurement_end(const struct measurement *measurement, const struct options *options);

#endif
