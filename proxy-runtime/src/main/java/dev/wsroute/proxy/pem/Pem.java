// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.pem;

import dev.wsroute.keys.PemBlock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Certificates and keys as text (RFC 7468). */
public final class Pem {

    /** Marks a key that is encrypted in the format before PKCS#8 (RFC 1421 §4.6.1.1). */
    private static final String ENCRYPTED = "Proc-Type:";

    private static final byte[] VERSION_0 = {0x02, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_FORM = 0x80;
    private static final int MAX_BYTE = 0xff;

    private Pem() {}

    /**
     * @param what for the error message, such as {@code certificate-authority}
     * @throws IOException with one sentence if there is none or one cannot be read
     */
    public static List<Certificate> certificates(String what, byte[] pem) throws IOException {
        List<Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            for (PemBlock block : PemBlock.of(what, pem)) {
                if (block.label().equals("CERTIFICATE")) {
                    certificates.add(x509.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("The " + what + " holds a certificate that cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("The " + what + " holds no certificate in PEM");
        }
        return certificates;
    }

    /**
     * Reads a private key in PKCS#8, or in the older formats PKCS#1 (RSA) and SEC 1 (EC), which do not contain the whole
     * algorithm. Errors as for {@link #certificates}.
     *
     * @param pair the public key of the certificate
     */
    public static PrivateKey privateKey(String what, byte[] pem, PublicKey pair) throws IOException {
        boolean other = false;
        try {
            for (PemBlock block : PemBlock.of(what, pem)) {
                String label = block.label();
                boolean older = label.equals("RSA PRIVATE KEY") || label.equals("EC PRIVATE KEY");
                if (label.equals("PRIVATE KEY")) {
                    return privateKey(block.bytes(), pair);
                } else if (older && !block.content().contains(ENCRYPTED)) {
                    return privateKey(pkcs8(block.bytes(), pair), pair);
                }
                other |= label.endsWith("PRIVATE KEY");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "The " + what + " holds a key that cannot be read, or is not of the kind (" + pair.getAlgorithm()
                            + ") of its certificate",
                    e);
        }
        throw new IOException(
                other
                        ? "The " + what
                                + " is of a form that is not supported: convert it with 'openssl pkcs8 -topk8 -nocrypt'"
                        : "The " + what + " holds no private key in PEM");
    }

    private static PrivateKey privateKey(byte[] pkcs8, PublicKey pair) throws GeneralSecurityException {
        return KeyFactory.getInstance(pair.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** Converts to PKCS#8 (RFC 5208 §5): a version, the algorithm, and the older format in an octet string. */
    private static byte[] pkcs8(byte[] older, PublicKey pair) {
        byte[] algorithm = firstElement(pair.getEncoded());
        return der(SEQUENCE, concat(concat(VERSION_0, algorithm), der(OCTET_STRING, older)));
    }

    /** The first element of a sequence: in a SubjectPublicKeyInfo (RFC 5280 §4.1), the algorithm with its parameters. */
    private static byte[] firstElement(byte[] sequence) {
        int start = contentIndex(sequence, 0);
        return Arrays.copyOfRange(sequence, start, contentIndex(sequence, start) + contentLength(sequence, start));
    }

    private static int contentIndex(byte[] der, int index) {
        int length = der[index + 1] & MAX_BYTE;
        return index + 2 + (length < LONG_FORM ? 0 : length - LONG_FORM);
    }

    /** Length of a short element: less than 128 bytes, as that of an algorithm. */
    private static int contentLength(byte[] der, int index) {
        return der[index + 1];
    }

    private static byte[] der(int tag, byte[] content) {
        byte[] head;
        if (content.length < LONG_FORM) {
            head = new byte[] {(byte) tag, (byte) content.length};
        } else if (content.length <= MAX_BYTE) {
            head = new byte[] {(byte) tag, (byte) (LONG_FORM | 1), (byte) content.length};
        } else {
            head = new byte[] {(byte) tag, (byte) (LONG_FORM | 2), (byte) (content.length >> 8), (byte) content.length};
        }
        return concat(head, content);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
