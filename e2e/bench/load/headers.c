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

static void add(const char *line, size_t length) {
    if (length > MAX_LINE) fail("a header is longer than %d bytes", MAX_LINE);
    if ((lines = reallocarray(lines, count + 1, sizeof *lines)) == NULL ||
        asprintf(&lines[count++], "%.*s\r\n", (int)length, line) < 0)
        fail("there is no memory left");
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
}

const char *headers_next(void) {
    return count == 0 ? "" : lines[next++ % count];
}
