// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.material.MaterialException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which client certificates a listener accepts.
 *
 * @param mode whether a client must have one
 * @param authorities CAs that may have issued it, at least one
 * @param chains verifies it; shared by all contexts of the listener
 */
record TrustedClients(Mode mode, List<Certificate> authorities, ChainVerifier chains) {

    /** @throws MaterialException if the platform cannot use these CAs */
    static TrustedClients of(Mode mode, List<Certificate> authorities) throws MaterialException {
        return new TrustedClients(mode, List.copyOf(authorities), ChainVerifier.of(authorities));
    }

    /**
     * Verifies a chain that was verified before, with the same CAs: only time can have changed the verdict.
     *
     * @throws CertificateException if it does not verify any more
     */
    void verifyAgain(X509Certificate[] chain) throws CertificateException {
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity();
            }
        } catch (CertificateException e) {
            // A client may send more certificates than are needed.
            chains.verifyClient(chain);
        }
    }

    /** Whether both have the same mode and CAs. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrustedClients clients
                && mode == clients.mode
                && authorities.equals(clients.authorities);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, authorities);
    }
}
