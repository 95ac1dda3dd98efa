// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Who may vouch for a host. The JDK's verification looks nothing up: neither revocation lists nor missing certificates, whose
 * addresses would be the host's choice.
 */
final class Trust {

    /** Authorities of one key set. */
    private static final int MOST = 64;

    private Trust() {}

    /** The authorities of the operator's Java runtime. */
    static SslContext ofSystem() throws SSLException {
        return builder().build();
    }

    /**
     * Only the authorities in these PEM bundles.
     *
     * @throws CertificateException if one of them has none, or one that cannot be read
     */
    static SslContext of(List<String> bundles) throws CertificateException, SSLException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> authorities = new ArrayList<>();
        for (String bundle : bundles) {
            var found = factory.generateCertificates(
                    new ByteArrayInputStream(bundle.getBytes(StandardCharsets.ISO_8859_1)));
            if (found.isEmpty()) {
                throw new CertificateException("no certificate");
            }
            for (Certificate each : found) {
                authorities.add((X509Certificate) each);
            }
        }
        if (authorities.size() > MOST) {
            // Searching for a chain among very many takes long.
            throw new CertificateException("more than " + MOST + " certificates");
        }
        return builder().trustManager(authorities).build();
    }

    private static SslContextBuilder builder() {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS")
                // Each fetch verifies the certificate anew.
                .sessionTimeout(1);
    }
}
