// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.opentest4j.TestAbortedException;

/**
 * A self-signed certificate, made by {@code openssl}.
 *
 * @param certificate PEM
 * @param key PEM
 */
record ServerCertificate(String certificate, String key) {

    /** For an IP address. Skips the test if {@code openssl} is not installed. */
    static ServerCertificate forAddress(String address, Path folder) {
        return of("IP:" + address, folder);
    }

    /** For a host name. Skips the test if {@code openssl} is not installed. */
    static ServerCertificate forHost(String host, Path folder) {
        return of("DNS:" + host, folder);
    }

    private static ServerCertificate of(String alternativeName, Path folder) {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        try {
            Process openssl = new ProcessBuilder(
                            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=test"
                                    .concat(" -addext subjectAltName=" + alternativeName)
                                    .concat(" -keyout " + key + " -out " + certificate)
                                    .split(" "))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("openssl.log").toFile())
                    .start();
            if (!openssl.waitFor(20, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
                throw new AssertionError("openssl failed: " + Files.readString(folder.resolve("openssl.log")));
            }
            return new ServerCertificate(Files.readString(certificate), Files.readString(key));
        } catch (IOException e) {
            throw new TestAbortedException("openssl is not installed: skipped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** This certificate with the key of another one. */
    ServerCertificate withKeyOf(ServerCertificate other) {
        return new ServerCertificate(certificate, other.key);
    }

    /** Writes the Secret as cert-manager does. */
    void writeTo(Space space, String secret) {
        space.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName(secret)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToStringData("tls.crt", certificate)
                        .addToStringData("tls.key", key)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    X509Certificate x509() throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Writes a ConfigMap with this certificate as a CA. */
    void writeAsAuthority(Space space, String configMap) {
        space.configMap(configMap, "ca.crt", certificate);
    }

    /** Presents this certificate. */
    SSLContext server() throws GeneralSecurityException, IOException {
        byte[] encoded = Base64.getMimeDecoder().decode(key.replaceAll("-----[^-]+-----", ""));
        PrivateKey parsed = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        own.setKeyEntry("server", parsed, new char[0], new Certificate[] {x509()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Trusts only this certificate. */
    SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", x509());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
