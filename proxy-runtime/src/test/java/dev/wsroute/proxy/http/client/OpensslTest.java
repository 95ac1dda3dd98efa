// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code openssl s_client} may negotiate. */
@Tag("slow")
class OpensslTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final TestAuthority CLIENTS = TestAuthority.named("clients");
    private static final Issued CHAT = CA.issue("chat", Instant.now().plusSeconds(86400), "dns:chat.example.com");
    private static final Issued OTHER = CA.issue("other", Instant.now().plusSeconds(86400), "dns:other.example.com");
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n";

    @TempDir
    Path folder;

    private final List<TlsListener> listeners = new ArrayList<>();
    private RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        OpensslClient.assumeInstalled();
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (backend != null) {
            backend.close();
        }
        listeners.forEach(TlsFixture::renew);
    }

    private TestProxy proxy(TlsListener listener) throws IOException {
        listeners.add(listener);
        return TestProxy.options().to(backend.address()).tls(listener).start();
    }

    private static String client(TestProxy proxy, String input, String... options) throws Exception {
        return OpensslClient.run(proxy, input, List.of(options));
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_3, TLSv1.3",
        "-tls1_2, TLSv1.2",
    })
    void speaksTls12And13(String option, String version) throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, option)).contains(version).contains("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void refusesOlderVersions(String option) throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, option, "-cipher", "ALL:@SECLEVEL=0"))
                    .contains("alert")
                    .doesNotContain("HTTP/1.1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ECDHE-ECDSA-AES128-GCM-SHA256, true",
        "ECDHE-ECDSA-AES256-GCM-SHA384, true",
        "ECDHE-ECDSA-CHACHA20-POLY1305, true",
        "ECDHE-ECDSA-AES128-SHA256, false",
        "ECDHE-ECDSA-AES256-SHA, false",
        "AES128-GCM-SHA256, false",
        "DHE-RSA-AES128-GCM-SHA256, false"
    })
    void acceptsOnlyForwardSecretAeadCiphers(String cipher, boolean accepted) throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            String output = client(proxy, REQUEST, "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0");

            assertThat(output.contains("HTTP/1.1 404 ")).isEqualTo(accepted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    void acceptsTheCiphersOfTls13(String cipher) throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, "-tls1_3", "-ciphersuites", cipher))
                    .contains("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"X25519, true", "P-256, true", "P-384, true", "P-521, false"})
    void acceptsOnlyItsGroups(String group, boolean accepted) throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, "-groups", group).contains("HTTP/1.1 404 "))
                    .isEqualTo(accepted);
        }
    }

    @Test
    void choosesTheCertificateBySni() throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT, OTHER))) {
            assertThat(client(proxy, REQUEST, "-servername", "other.example.com"))
                    .containsPattern("subject=CN ?= ?other");
            assertThat(client(proxy, REQUEST, "-noservername")).containsPattern("subject=CN ?= ?chat");
        }
    }

    @Test
    void negotiatesHttp11() throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, "-alpn", "h2,http/1.1")).contains("ALPN protocol: http/1.1");
        }
    }

    @Test
    void refusesRenegotiation() throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            // s_client renegotiates on a line with R, unless -ign_eof disables commands.
            List<String> command = List.of(
                    "openssl",
                    "s_client",
                    "-tls1_2",
                    "-connect",
                    "127.0.0.1:" + proxy.address().getPort());
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().write("R\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(output).contains("RENEGOTIATING").containsIgnoringCase("alert");
        }
    }

    @Test
    void offersNoCompression() throws Exception {
        try (TestProxy proxy = proxy(TlsFixture.listener(CHAT))) {
            assertThat(client(proxy, REQUEST, "-tls1_2", "-comp")).contains("Compression: NONE");
        }
    }

    @Test
    void requiresAClientCertificateOfItsCa() throws Exception {
        Issued good = CLIENTS.issue("dns:client");
        Issued bad = CA.issue("dns:client");
        try (TestProxy proxy = proxy(TlsFixture.listener(Mode.Require, CLIENTS, CHAT))) {
            assertThat(OpensslClient.run(proxy, REQUEST, OpensslClient.presenting(good, folder)))
                    .contains("HTTP/1.1 404 ");
            assertThat(OpensslClient.run(proxy, REQUEST, OpensslClient.presenting(bad, folder)))
                    .contains("alert")
                    .doesNotContain("HTTP/1.1 404 ");
            assertThat(client(proxy, REQUEST)).contains("alert").doesNotContain("HTTP/1.1 404 ");
        }
    }

    @Test
    void refusesAnInvalidCertificateEvenIfNoneIsRequired() throws Exception {
        Issued bad = CA.issue("dns:client");
        try (TestProxy proxy = proxy(TlsFixture.listener(Mode.Request, CLIENTS, CHAT))) {
            assertThat(client(proxy, REQUEST)).contains("HTTP/1.1 404 ");
            assertThat(OpensslClient.run(proxy, REQUEST, OpensslClient.presenting(bad, folder)))
                    .contains("alert")
                    .doesNotContain("HTTP/1.1 404 ");
        }
    }
}
