// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A CA that issues certificates quickly: EC P-256, valid from an hour ago for 30 days unless said otherwise. */
public final class TestAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

    private final String name;
    private final KeyPair keys = newKeys();
    private final X509Certificate certificate;

    private TestAuthority(String name) {
        this.name = name;
        byte[] ca = extension("2.5.29.19", Der.sequence(TRUE));
        Instant now = Instant.now();
        certificate = sign(name, keys, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(365)), ca);
    }

    public static TestAuthority named(String name) {
        return new TestAuthority(name);
    }

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, PrivateKey key) {

        public String certificatePem() {
            return pem(certificate);
        }

        /** PKCS#8. */
        public String keyPem() {
            return Certificates.pem("PRIVATE KEY", key.getEncoded());
        }

        /** Replaces these files, the certificate first. */
        public void write(Path certificateFile, Path keyFile) throws Exception {
            replace(certificateFile, certificatePem());
            replace(keyFile, keyPem());
        }

        private static void replace(Path file, String text) throws Exception {
            Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Its own certificate, for no host, with its key. */
    public Issued itself() {
        return new Issued(certificate, keys.getPrivate());
    }

    /** @param names such as {@code dns:chat.example.com}, {@code uri:spiffe://a/b} or {@code ip:127.0.0.1} */
    public Issued issue(String... names) {
        return issue("test", Instant.now().plus(Duration.ofDays(30)), names);
    }

    /** @param commonName of the subject */
    public Issued issue(String commonName, Instant notAfter, String... names) {
        return issue(newKeys(), commonName, notAfter, names);
    }

    /** As many certificates with one key, for {@code host-0.example.com} and so on. */
    public List<Issued> issueMany(int count) {
        KeyPair pair = newKeys();
        Instant notAfter = Instant.now().plus(Duration.ofDays(30));
        return IntStream.range(0, count)
                .mapToObj(i -> issue(pair, "test", notAfter, "dns:host-" + i + ".example.com"))
                .toList();
    }

    private Issued issue(KeyPair pair, String commonName, Instant notAfter, String... names) {
        List<byte[]> alternatives = new ArrayList<>();
        for (String each : names) {
            alternatives.add(alternative(each));
        }
        byte[] extensions = names.length == 0
                ? new byte[0]
                : extension("2.5.29.17", Der.sequence(alternatives.toArray(byte[][]::new)));
        Instant from = notAfter.minus(Duration.ofDays(31));
        return new Issued(sign(commonName, pair, from, notAfter, extensions), pair.getPrivate());
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

    private X509Certificate sign(String subject, KeyPair pair, Instant from, Instant to, byte[] extensions) {
        byte[] body = Der.sequence(
                Der.element(0xa0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(SERIAL.getAndIncrement())),
                ECDSA_WITH_SHA256,
                Der.name(name),
                Der.sequence(Der.time(from), Der.time(to)),
                Der.name(subject),
                pair.getPublic().getEncoded(),
                extensions.length == 0 ? extensions : Der.element(0xa3, Der.sequence(extensions)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] encoded = Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.element(Der.OCTET_STRING, value));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String certificatePem() {
        return pem(certificate);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return Certificates.pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that trusts this CA. */
    public SSLContext client() {
        return client(null);
    }

    /** @param identity what the client presents; null for nothing */
    public SSLContext client(@Nullable Issued identity) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (identity != null) {
                own.setKeyEntry("own", identity.key(), new char[0], new Certificate[] {identity.certificate()});
            }
            keyManagers.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
