#include "histogram.h"

#define STEPS (1u << HISTOGRAM_STEP_BITS)

static unsigned slot_of(uint64_t value) {
    if (value < STEPS) return (unsigned)value;
    unsigned octave = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_STEP_BITS;
    unsigned slot = ((octave + 1) << HISTOGRAM_STEP_BITS) + (unsigned)((value >> octave) & (STEPS - 1));
    return slot < HISTOGRAM_SLOTS ? slot : HISTOGRAM_SLOTS - 1;
}

/* The greatest value of a slot. */
static uint64_t value_of(unsigned slot) {
    if (slot < STEPS) return slot;
    unsigned octave = (slot >> HISTOGRAM_STEP_BITS) - 1;
    return ((uint64_t)(STEPS + (slot & (STEPS - 1)) + 1) << octave) - 1;
}

void histogram_record(struct histogram *histogram, uint64_t value) {
    histogram->counts[slot_of(value)]++;
    histogram->total++;
    if (value > histogram->max) histogram->max = value;
}

void histogram_add(struct histogram *histogram, const struct histogram *other) {
    for (unsigned slot = 0; slot < HISTOGRAM_SLOTS; slot++) histogram->counts[slot] += other->counts[slot];
    histogram->total += other->total;
    if (other->max > histogram->max) histogram->max = other->max;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share) {
    double wanted = share * (double)histogram->total;
    uint64_t seen = 0;
    for (unsigned slot = 0; slot < HISTOGRAM_SLOTS; slot++) {
        seen += histogram->counts[slot];
        if (seen > 0 && (double)seen >= wanted)
            return value_of(slot) < histogram->max ? value_of(slot) : histogram->max;
    }
    return histogram->max;
}
