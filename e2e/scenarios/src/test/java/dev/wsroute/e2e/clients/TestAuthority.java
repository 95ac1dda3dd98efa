// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.CertificateSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A CA that no client trusts by itself. Its certificates are files that {@code openssl} writes. */
final class TestAuthority {

    private static final String SETTINGS = """
            [req]
            distinguished_name = subject
            [subject]
            [authority]
            basicConstraints = critical, CA:TRUE
            keyUsage = critical, keyCertSign
            subjectKeyIdentifier = hash
            [server]
            basicConstraints = critical, CA:FALSE
            keyUsage = critical, digitalSignature
            extendedKeyUsage = serverAuth
            subjectAltName = $ENV::HOST
            """;

    private final Path folder;
    private final String name;

    private TestAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /**
     * Creates a CA. Skips the test if {@code openssl} is not installed.
     *
     * @param folder for its files and those of the certificates that it issues
     * @param name also of its files; unique in the folder
     */
    static TestAuthority named(String name, Path folder) throws Exception {
        TestAuthority created = new TestAuthority(folder, name);
        Files.writeString(created.settings(), SETTINGS);
        created.write(name, "authority", "", List.of());
        return created;
    }

    /**
     * Issues a certificate for a server.
     *
     * @param file name of the files, without their endings
     * @param host such as {@code IP:127.0.0.1} or {@code DNS:localhost}
     */
    CertificateSource issue(String file, String host) throws Exception {
        write(
                file,
                "server",
                host,
                List.of("-CA", certificate().toString(), "-CAkey", key(name).toString()));
        return CertificateSource.ofFiles(certificate(file).toString(), key(file).toString());
    }

    /** The certificate of the CA, in PEM. */
    Path certificate() {
        return certificate(name);
    }

    /** The environment in which Node, and what uses OpenSSL's defaults such as Python, trust this CA. */
    Map<String, String> environment() {
        String file = certificate().toString();
        return Map.of("SSL_CERT_FILE", file, "NODE_EXTRA_CA_CERTS", file);
    }

    /** Java's clients trust this CA and no other. */
    SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate())) {
            trusted.setCertificateEntry(
                    name, CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private void write(String file, String extensions, String host, List<String> more) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(InstalledPrograms.onPath("openssl").toString());
        command.addAll(List.of("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"));
        command.addAll(List.of("-config", settings().toString(), "-extensions", extensions));
        command.addAll(List.of("-days", "30", "-subj", "/CN=" + file));
        command.addAll(List.of("-out", certificate(file).toString()));
        command.addAll(List.of("-keyout", key(file).toString()));
        command.addAll(more);
        try (StartedProgram openssl = new StartedProgram(Map.of("HOST", host), command)) {
            assertThat(openssl.exitStatus(Duration.ofMinutes(1)))
                    .as(() -> String.join("\n", openssl.lines()))
                    .isZero();
        }
    }

    private Path settings() {
        return folder.resolve(name + ".cnf");
    }

    private Path certificate(String file) {
        return folder.resolve(file + ".crt");
    }

    private Path key(String file) {
        return folder.resolve(file + ".key");
    }
}
