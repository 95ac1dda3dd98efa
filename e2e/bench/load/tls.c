#include "tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>

static SSL_CTX *context;
static bool resume;
static SSL_SESSION **sessions; /* the newest of each client, with --resume */

static _Noreturn void broken(const char *what) {
    char reason[256];
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
    fail("%s: %s", what, reason);
}

/* Keeps the reference that it is given. */
static int keep_session(SSL *ssl, SSL_SESSION *session) {
    const struct connection *client = SSL_get_app_data(ssl);
    SSL_SESSION_free(sessions[client->index]);
    sessions[client->index] = session;
    return 1;
}

void tls_prepare(const struct options *options) {
    signal(SIGPIPE, SIG_IGN);
    context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) ||
        !SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") || !SSL_CTX_set1_groups_list(context, "X25519"))
        broken("TLS cannot be set up");
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    resume = options->resume;
    if (resume) {
        sessions = calloc((size_t)options->connections, sizeof *sessions);
        if (sessions == NULL) fail("there is no memory left");
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, keep_session);
    }
}

void tls_begin(struct connection *client) {
    SSL *ssl = client->ssl = SSL_new(context);
    if (ssl == NULL || !SSL_set_fd(ssl, client->fd) || !SSL_set_app_data(ssl, client)) broken("TLS cannot begin");
    SSL_set_connect_state(ssl);
    client->resumes = resume && sessions[client->index] != NULL;
    if (client->resumes && !SSL_set_session(ssl, sessions[client->index])) broken("a session cannot be resumed");
}

/* Once, after the handshake. */
static void check_handshake(struct connection *client) {
    if (client->secured || !SSL_is_init_finished(client->ssl)) return;
    client->secured = true;
    bool resumed = SSL_session_reused(client->ssl);
    if (resumed && !client->resumes) fail("a session was resumed that was not to be");
    if (!resumed && client->resumes) fail("the proxy did not resume a session");
}

/* What read(2) would have returned. */
static ssize_t result(struct connection *client, int returned) {
    int error = returned > 0 ? SSL_ERROR_NONE : SSL_get_error(client->ssl, returned);
    check_handshake(client);
    if (error == SSL_ERROR_NONE) return returned;
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        errno = EAGAIN;
    } else if (error == SSL_ERROR_SSL) {
        broken("TLS failed");
    }
    return -1;
}

ssize_t tls_read(struct connection *client, char *data, size_t capacity) {
    ERR_clear_error();
    errno = 0;
    return result(client, SSL_read(client->ssl, data, (int)capacity));
}

ssize_t tls_write(struct connection *client, const char *data, size_t length) {
    ERR_clear_error();
    errno = 0;
    return result(client, SSL_write(client->ssl, data, (int)length));
}

bool tls_awaits_peer(const struct connection *client) {
    return !client->secured && SSL_want_read(client->ssl);
}

bool tls_holds_bytes(const struct connection *client) {
    return SSL_has_pending(client->ssl);
}

void tls_end(struct connection *client) {
    if (client->secured && resume && sessions[client->index] == NULL) fail("the proxy sent no session ticket");
    /* Otherwise OpenSSL takes the session for one that must not be resumed. */
    SSL_set_shutdown(client->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(client->ssl);
    client->ssl = NULL;
}
