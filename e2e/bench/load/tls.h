#ifndef TLS_H
#define TLS_H

#include "connection.h"
#include "options.h"

/*
 * TLS of clients: 1.3 with TLS_AES_128_GCM_SHA256 and X25519 and nothing else, so that all proxies are asked for the same
 * work. Certificates are not verified. To be called once, if the options ask for TLS.
 */
void tls_prepare(const struct options *options);

/* Begins TLS on a client's socket. The handshake proceeds with the reads and writes below. */
void tls_begin(struct connection *client);

/*
 * Like read(2) and send(2): -1 with EAGAIN until the peer or the socket is ready, 0 for the end (close_notify or FIN).
 * Fails if a session was to be resumed and was not, or was not to be and was.
 */
ssize_t tls_read(struct connection *client, char *data, size_t capacity);
ssize_t tls_write(struct connection *client, const char *data, size_t length);

/* Whether a write would have to wait for bytes of the peer: in the handshake. */
bool tls_awaits_peer(const struct connection *client);

/* Whether bytes have been read from the socket that tls_read has not returned yet. */
bool tls_holds_bytes(const struct connection *client);

/* Frees it without a word to the peer, which has closed. */
void tls_end(struct connection *client);

#endif
