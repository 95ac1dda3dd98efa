#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_PIDS 16
#define MIN_SIZE 16
#define MAX_SIZE 65536

enum mode { ECHO, CONNECT, FANOUT, IDLE };

/* What the command line asks for. */
struct options {
    enum mode mode;
    int target_port;  /* where clients connect to: the proxy, or the backend itself */
    int backend_port; /* where the backends listen */
    int spare_port;   /* where they listen too; 0: nowhere else */
    int connections;
    size_t size; /* bytes of payload a message */
    bool mixed;  /* sizes from MIN_SIZE to MAX_SIZE instead, the same ones in every run */
    int in_flight;
    double rate; /* messages a second and connection, sent whether answers come or not; 0: a closed loop */
    double seconds, warm_up;
    bool hold;    /* says READY before it measures, and waits for a line then and at the end */
    bool keep_on; /* a lost connection is counted and opened anew */
    bool tls;     /* between clients and proxy */
    bool resume;  /* TLS sessions, instead of a full handshake for each connection */
    double storm;      /* handshakes a second of a storm beside mode ECHO */
    int storm_at_once; /* the same as a closed loop */
    bool storms;       /* one of both */
    const char *headers; /* file with header lines for handshakes; NULL: none */
    int direct;        /* so many of the connections do not pass the proxy */
    int pids[MAX_PIDS];
    int pid_count;
};

struct options options_parse(int count, char **arguments);

/* Ends the program with one sentence on standard error. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
