#ifndef SEGMENTS_H
#define SEGMENTS_H

#include <stdint.h>

/* How many TCP segments this machine has sent, without those sent again (OutSegs in /proc/net/snmp, proc(5)). */
uint64_t segments_sent(void);

#endif
