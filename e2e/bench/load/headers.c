#define _GNU_SOURCE
#include "headers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define MAX_LINE 2048

static char **lines;
static size_t count, next;
static char *position;

static void add(const char *line, size_t length) {
    if (length > MAX_LINE) fail("a header is longer than %d bytes", MAX_LINE);
    if ((lines = reallocarray(lines, count + 1, sizeof *lines)) == NULL ||
        asprintf(&lines[count++], "%.*s\r\n", (int)length, line) < 0)
        fail("there is no memory left");
}

static void keep_position(void) {
    FILE *stream = fopen(position, "w");
    if (stream == NULL) return;
    fprintf(stream, "%zu\n", next);
    fclose(stream);
}

static void restore_position(const char *file) {
    if (asprintf(&position, "%s.next", file) < 0) fail("there is no memory left");
    FILE *stream = fopen(position, "r");
    if (stream != NULL) {
        if (fscanf(stream, "%zu", &next) != 1) next = 0;
        fclose(stream);
    }
    atexit(keep_position);
}

void headers_prepare(const char *file) {
    if (file == NULL) return;
    FILE *stream = fopen(file, "r");
    if (stream == NULL) fail("cannot read %s: %s", file, strerror(errno));
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stream) > 0) add(line, strcspn(line, "\r\n"));
    free(line);
    fclose(stream);
    if (count == 0) fail("%s has no headers", file);
    restore_position(file);
}

const char *headers_next(void) {
    return count == 0 ? "" : lines[next++ % count];
}
