// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Writes X.509 certificates (RFC 5280). Names are common names. */
final class CertificateWriter {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] RSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.element(Der.NULL));
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};
    /** In a certificate of a CA. */
    static final List<byte[]> CA = List.of(extension("2.5.29.19", Der.sequence(TRUE)));

    private CertificateWriter() {}

    /** @param algorithm {@code RSA} (2048 bits) or {@code EC} (P-256) */
    static KeyPair newKeys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param key the issuer's */
    static X509Certificate sign(
            String issuer,
            PrivateKey key,
            String subject,
            PublicKey subjectKey,
            Instant from,
            Instant to,
            List<byte[]> extensions) {
        boolean rsa = key.getAlgorithm().equals("RSA");
        byte[] algorithm = rsa ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256;
        byte[] body = Der.sequence(
                Der.element(0xa0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(SERIAL.getAndIncrement())),
                algorithm,
                Der.name(issuer),
                Der.sequence(Der.time(from), Der.time(to)),
                Der.name(subject),
                subjectKey.getEncoded(),
                extensions.isEmpty()
                        ? new byte[0]
                        : Der.element(0xa3, Der.sequence(extensions.toArray(byte[][]::new))));
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(body);
            byte[] encoded = Der.sequence(body, algorithm, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param names such as {@code dns:chat.example.com}, {@code uri:spiffe://a/b} or {@code ip:127.0.0.1} */
    static List<byte[]> alternativeNames(String... names) {
        if (names.length == 0) {
            return List.of();
        }
        List<byte[]> alternatives = new ArrayList<>();
        for (String each : names) {
            alternatives.add(alternative(each));
        }
        return List.of(extension("2.5.29.17", Der.sequence(alternatives.toArray(byte[][]::new))));
    }

    private static byte[] alternative(String name) {
        String value = name.substring(name.indexOf(':') + 1);
        if (name.startsWith("ip:")) {
            String[] parts = value.split("\\.", -1);
            byte[] address = new byte[parts.length];
            for (int i = 0; i < address.length; i++) {
                address[i] = (byte) Integer.parseInt(parts[i]);
            }
            return Der.element(0x87, address);
        }
        return Der.element(name.startsWith("uri:") ? 0x86 : 0x82, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.element(Der.OCTET_STRING, value));
    }
}
