#ifndef HEADERS_H
#define HEADERS_H

/*
 * Header lines that handshakes have in addition: each the next line of a file, and the first one again after the last. A line is
 * "NAME: VALUE". FILE.next keeps the position, so that the next run goes on there: a proxy may remember what it saw last. Without a
 * file, handshakes have none.
 */
void headers_prepare(const char *file);

/* The next line with its CRLF, or an empty text. */
const char *headers_next(void);

#endif
