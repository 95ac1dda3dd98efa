// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.testkit.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A CA that issues certificates quickly: EC P-256, valid from an hour ago for 30 days unless said otherwise. */
public final class TestAuthority {

    private final String name;
    private final KeyPair keys = newKeys();
    private final X509Certificate certificate;

    private TestAuthority(String name) {
        this.name = name;
        Instant now = Instant.now();
        certificate =
                sign(name, keys, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(365)), CertificateWriter.CA);
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
            String pem = Certificates.pem("PRIVATE KEY", key.getEncoded());
            // The first line mostly says which kind of key it is, as certificates do.
            pem.lines().skip(2).forEach(line -> Secrets.noted("private key", line));
            return pem;
        }

        /** Writes both files, the certificate first. */
        public void write(Path certificateFile, Path keyFile) throws Exception {
            replace(certificateFile, certificatePem());
            replace(keyFile, keyPem());
        }

        private static void replace(Path file, String text) throws Exception {
            Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The certificate of the CA itself, which names no host, with its key. */
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

    /** This many certificates with one key, for {@code host-0.example.com} and so on. */
    public List<Issued> issueMany(int count) {
        KeyPair pair = newKeys();
        Instant notAfter = Instant.now().plus(Duration.ofDays(30));
        return IntStream.range(0, count)
                .mapToObj(i -> issue(pair, "test", notAfter, "dns:host-" + i + ".example.com"))
                .toList();
    }

    private Issued issue(KeyPair pair, String commonName, Instant notAfter, String... names) {
        Instant from = notAfter.minus(Duration.ofDays(31));
        return new Issued(
                sign(commonName, pair, from, notAfter, CertificateWriter.alternativeNames(names)), pair.getPrivate());
    }

    private X509Certificate sign(String subject, KeyPair pair, Instant from, Instant to, List<byte[]> extensions) {
        return CertificateWriter.sign(name, keys.getPrivate(), subject, pair.getPublic(), from, to, extensions);
    }

    private static KeyPair newKeys() {
        return CertificateWriter.newKeys("EC");
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
