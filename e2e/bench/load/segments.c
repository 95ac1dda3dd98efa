#include "segments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* A line of names is followed by a line of figures, in the same order. */
uint64_t segments_sent(void) {
    char names[1024], figures[1024], *next_name, *next_figure;
    FILE *file = fopen("/proc/net/snmp", "r");
    if (file == NULL) fail("cannot read /proc/net/snmp");
    while (fgets(names, sizeof names, file) != NULL && fgets(figures, sizeof figures, file) != NULL) {
        if (strncmp(names, "Tcp:", 4) != 0) continue;
        char *name = strtok_r(names, " \n", &next_name), *figure = strtok_r(figures, " \n", &next_figure);
        while (name != NULL && figure != NULL) {
            if (strcmp(name, "OutSegs") == 0) {
                fclose(file);
                return strtoull(figure, NULL, 10);
            }
            name = strtok_r(NULL, " \n", &next_name);
            figure = strtok_r(NULL, " \n", &next_figure);
        }
    }
    fail("/proc/net/snmp does not tell of TCP segments");
}
