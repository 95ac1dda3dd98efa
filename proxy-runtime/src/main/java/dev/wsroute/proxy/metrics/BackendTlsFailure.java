// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why TLS with a backend failed. A metric label of bounded cardinality. */
public enum BackendTlsFailure {
    /** No trusted CA has issued the backend's certificate. */
    UNTRUSTED,
    /** The backend's certificate has expired or is not valid yet. */
    EXPIRED,
    /** The backend's certificate is for another host. */
    WRONG_HOST,
    /** The backend's certificate is invalid for another reason. */
    INVALID_CERTIFICATE,
    /** The backend refused with an alert, for example because it demands another client certificate. */
    REFUSED_BY_BACKEND,
    /** Backend and proxy have no version, cipher or group in common. */
    NO_COMMON_PARAMETERS,
    /** The backend does not speak TLS. */
    NOT_TLS,
    /** The backend violated the protocol. */
    PROTOCOL,
    /** The backend took too long. */
    TOO_SLOW,
    /** The backend disconnected. */
    DISCONNECTED,
    /** The proxy has no CA certificates, or no client certificate, for this backend yet. */
    NO_CERTIFICATES,
    /** The engine failed. */
    INTERNAL,
    /** The proxy is low on memory. */
    MEMORY;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }

    /** Whether it is about the backend's certificate: then it was not accepted. */
    public boolean isOfCertificate() {
        return this == UNTRUSTED || this == EXPIRED || this == WRONG_HOST || this == INVALID_CERTIFICATE;
    }
}
