// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.ApiKeyRules;
import dev.wsroute.config.BasicRules;
import dev.wsroute.config.CredentialPlace;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.TokenSource;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients who send a token, an API key and a password. That none of them is in the log or on a page of the proxy is for the last
 * step of the build to see ({@code WrittenSecretsTest}); here it is shown that they come in, and that the log tells who.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientSecretsIT {

    private static final String PASSWORD = Secrets.of("password of alice");
    /** A hash of that password. */
    private static final String USERS = "alice:$2y$05$Ax/Tcn9C4O2xUF0gv8uPLe.9Cl85nFco9SE6NXD55L.BQ0wPkPTT6\n";

    private static final String KEY = Secrets.of("API key of meter");

    @TempDir
    static Path folder;

    @AutoClose
    private TestBackend backend;

    @AutoClose
    private StandaloneProxy proxy;

    private KeyPair issuer;

    @BeforeEach
    void start() throws Exception {
        issuer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(issuer.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        JwtProvider provider = new JwtProvider(
                "login",
                null,
                List.of(),
                List.of(JwtAlgorithm.EdDSA),
                Duration.ofSeconds(30),
                false,
                List.of(new KeySource(null, null, file("issuer.pem", pem), null)));
        AccessConfig access = AccessConfig.ofTokens(new JwtRules(
                        List.of(provider),
                        List.of(
                                new TokenSource(TokenSource.Type.Cookie, "session"),
                                new TokenSource(TokenSource.Type.QueryParam, null)),
                        List.of(),
                        List.of(),
                        false,
                        null))
                .withCredentials(
                        new ApiKeyRules(
                                new CredentialSource(null, file("keys", "meter:" + KEY + "\n"), null),
                                List.of(
                                        new CredentialPlace(CredentialPlace.Type.QueryParam, "key"),
                                        new CredentialPlace(CredentialPlace.Type.Header, "X-API-Key")),
                                false),
                        new BasicRules(new CredentialSource(null, file("users", USERS), null), "chat", false));
        backend = new TestBackend();
        proxy = StandaloneProxy.to(List.of(backend.port()), rule -> rule.access(access), folder);
    }

    private static String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String token() throws GeneralSecurityException {
        String signed = encoded("{\"alg\":\"EdDSA\"}".getBytes(UTF_8)) + "."
                + encoded("{\"sub\":\"ada\",\"exp\":4700000000}".getBytes(UTF_8));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(issuer.getPrivate());
        signer.update(signed.getBytes(UTF_8));
        return signed + "." + Secrets.noted("signature of a token", encoded(signer.sign()));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String basic(String password) {
        return "Basic " + Base64.getEncoder().encodeToString(("alice:" + password).getBytes(UTF_8));
    }

    private WebSocket open(String target, String password, String header, String value) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", basic(password))
                .header(header, value)
                .buildAsync(proxy.ws(target), new WebSocket.Listener() {})
                .join();
    }

    private int refusal(String target, String password, String header, String value) {
        try {
            open(target, password, header, value).abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void whoIsRightComesInAndIsLoggedByNameAndWhoIsWrongIsNot() throws Exception {
        List<WebSocket> opened = List.of(
                open("/ws?key=" + KEY, PASSWORD, "Cookie", "session=" + token()),
                open("/ws?access_token=" + token(), PASSWORD, "X-API-Key", KEY),
                open("/ws?%6bey=" + KEY + "&access_token=" + token(), PASSWORD, "Cookie", "session="));
        proxy.writePages();

        assertThat(refusal("/ws?key=" + KEY, PASSWORD + "x", "Cookie", "session=" + token()))
                .isEqualTo(401);
        assertThat(refusal("/ws?key=" + KEY + "x", PASSWORD, "Cookie", "session=" + token()))
                .isEqualTo(401);
        assertThat(refusal("/ws?access_token=" + token() + "x", PASSWORD, "X-API-Key", KEY))
                .isEqualTo(401);

        await().untilAsserted(() -> assertThat(proxy.log())
                .filteredOn(line -> line.contains("\"event\":\"open\""))
                .hasSameSizeAs(opened)
                .allMatch(line -> line.contains("\"subject\":\"alice\"")));
        await().untilAsserted(() -> assertThat(proxy.log())
                .filteredOn(line -> line.contains("\"status\":401"))
                .hasSize(3));
        opened.forEach(WebSocket::abort);
    }
}
