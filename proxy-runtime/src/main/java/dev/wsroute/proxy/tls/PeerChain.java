// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * Limits on the chain that a peer sends, to be checked before it is verified on the event loop. For a chain that leads to no
 * trusted CA, the platform tries the certificates in every order: ten that name each other as issuer take a million steps.
 */
final class PeerChain {

    /** Limit on the certificates. Public CAs send up to four. */
    static final int MAX_CERTIFICATES = 6;

    /** Limit on the certificates together, in DER. */
    static final int MAX_BYTES = 32 * 1024;

    /** A chain exceeds a limit. */
    static final class LimitException extends CertificateException {

        private static final long serialVersionUID = 1;

        private LimitException(String message) {
            super(message);
        }
    }

    private PeerChain() {}

    /**
     * Time until the first of these certificates expires, but not more than {@code most}; zero if one has expired. A session that
     * was verified with this chain may be resumed for so long.
     */
    static Duration left(X509Certificate[] chain, Instant now, Duration most) {
        Duration lifetime = most;
        for (X509Certificate certificate : chain) {
            Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
            lifetime = left.compareTo(lifetime) < 0 ? left : lifetime;
        }
        return lifetime.isNegative() ? Duration.ZERO : lifetime;
    }

    /** @throws LimitException if the chain exceeds a limit */
    static void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length > MAX_CERTIFICATES) {
            throw new LimitException("the chain has " + chain.length + " certificates, more than " + MAX_CERTIFICATES);
        }
        int bytes = 0;
        for (X509Certificate certificate : chain) {
            bytes += certificate.getEncoded().length;
        }
        if (bytes > MAX_BYTES) {
            throw new LimitException("the chain is longer than " + MAX_BYTES + " bytes");
        }
    }
}
