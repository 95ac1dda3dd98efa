#ifndef USAGE_H
#define USAGE_H

#include <stdint.h>

/* What processes have used since they started, summed over the threads that they have now. */
struct usage {
    uint64_t cpu_nanos;
    uint64_t user_ticks, system_ticks; /* coarse: for the split only */
    uint64_t voluntary, involuntary;   /* context switches */
};

struct usage usage_of(const int *pids, int count);

#endif
