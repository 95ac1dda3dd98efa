// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why a TLS handshake failed. A metric label of bounded cardinality. */
public enum TlsFailure {
    /** The listener has no valid certificate, or no CA for its clients yet. */
    NO_CERTIFICATE,
    /** The client does not speak TLS. */
    NOT_TLS,
    /** The client hello is malformed or too long. */
    CLIENT_HELLO,
    /** Client and proxy have no version, cipher or group in common. */
    NO_COMMON_PARAMETERS,
    /** The client sent no certificate, or one that is not valid. */
    CLIENT_CERTIFICATE,
    /** The client refused the handshake with an alert, for example because it does not trust the certificate. */
    REFUSED_BY_CLIENT,
    /** The client violated the protocol. */
    PROTOCOL,
    /** The client took too long. */
    TOO_SLOW,
    /** The client disconnected. */
    DISCONNECTED,
    /** The rate limit of handshakes is exceeded. */
    HANDSHAKE_RATE,
    /** The proxy is low on memory. */
    MEMORY,
    /** The engine failed. */
    INTERNAL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
