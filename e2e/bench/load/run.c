#include "run.h"

#include <errno.h>
#include <string.h>

struct run run;

void run_write_burst(struct connection *connection) {
    /* What is broken ends where it is read. */
    if (run.burst.length > 0 && !connection_write(connection, run.burst.data, run.burst.length) && !run.options.keep_on)
        fail("a connection was lost in writing: %s", strerror(errno));
    run.burst.length = 0;
}

void run_completed(uint64_t now, uint64_t since) {
    run.last_progress = now;
    if (run.phase == MEASURING) histogram_record(&run.measurement.latencies, now - since);
}
