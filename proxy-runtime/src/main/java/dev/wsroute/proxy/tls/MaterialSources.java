// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.material.MaterialSource;

/** Creates sources without starting them. */
public interface MaterialSources {

    /** Key of the certificate chain in a Secret of type {@code kubernetes.io/tls}, and in what a source offers. */
    String CERTIFICATE = "tls.crt";

    /** Key of the private key. */
    String PRIVATE_KEY = "tls.key";

    /** A source that offers {@value #CERTIFICATE} and {@value #PRIVATE_KEY}. */
    MaterialSource certificate(CertificateSource source);

    /** A source that offers {@value CaCertificateSource#DATA_KEY}. */
    MaterialSource authorities(CaCertificateSource source);

    /** A source that offers {@value TicketKeysConfig#DATA_KEY}. */
    MaterialSource ticketKeys(TicketKeysConfig source);
}
