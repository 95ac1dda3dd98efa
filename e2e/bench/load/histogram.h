#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

/* Log-linear: 64 steps an octave, so that a value is known to 1.6 %; up to an hour in nanoseconds. */
#define HISTOGRAM_STEP_BITS 6
#define HISTOGRAM_SLOTS ((42 - HISTOGRAM_STEP_BITS) << HISTOGRAM_STEP_BITS)

struct histogram {
    uint64_t counts[HISTOGRAM_SLOTS];
    uint64_t total;
    uint64_t max;
};

void histogram_record(struct histogram *histogram, uint64_t value);

/* Adds what another one has recorded. */
void histogram_add(struct histogram *histogram, const struct histogram *other);

/* The value that this share (0 to 1) of those recorded does not exceed; 0 without any. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

#endif
