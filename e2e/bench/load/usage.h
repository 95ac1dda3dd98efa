#ifndef USAGE_H
#define USAGE_H

#include <stdint.h>

/* What processes and their children have used since they started. */
struct usage {
    uint64_t cpu_nanos;
    uint64_t user_ticks, system_ticks; /* coarse: for the split only */
    int64_t voluntary, involuntary;    /* context switches, of the threads that there are now */
};

struct usage usage_of(const int *pids, int count);

#endif
