// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.pem.Pem;
import java.io.IOException;
import java.security.cert.Certificate;
import java.util.List;

/** The CA certificates of one source. */
record CaBundle(List<Certificate> certificates) {

    CaBundle {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads a PEM bundle.
     *
     * @param what what holds it, for sentences
     * @throws MaterialException if it holds no certificate, or one that cannot be read
     */
    static CaBundle parse(String what, byte[] pem) throws MaterialException {
        try {
            return new CaBundle(Pem.certificates(what, pem));
        } catch (IOException e) {
            throw new MaterialException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return certificates.size() + " CA certificate(s)";
    }
}
