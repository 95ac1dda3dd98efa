// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.TokenSource;
import dev.wsroute.e2e.identity.SigningKey;
import dev.wsroute.e2e.identity.Token;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens where scripts of a browser can put them: among the subprotocols that a WebSocket offers. */
class SubprotocolTokenIT {

    /** Offers one list of subprotocols after the other, and tells its own server what became of each WebSocket. */
    private static final String PAGE = """
            <!doctype html>
            <script>
            const attempt = (offer, i) => new Promise((resolve) => {
              const seen = {failed: false};
              const socket = new WebSocket('%s' + i, offer);
              socket.onopen = () => { seen.protocol = socket.protocol; socket.send('hello'); };
              socket.onmessage = (event) => { seen.echo = event.data; socket.close(1000); };
              socket.onerror = () => { seen.failed = true; };
              socket.onclose = (event) => { seen.code = event.code; resolve(seen); };
            });
            (async () => {
              const all = [];
              for (const [i, offer] of %s.entries()) all.push(await attempt(offer, i));
              return all;
            })()
              .catch((error) => String(error))
              .then((seen) => fetch('/result', {method: 'POST', body: JSON.stringify(seen)}));
            </script>
            """;

    private static final String KUBERNETES = "base64url.bearer.authorization.k8s.io.";
    private static final SigningKey KEY = SigningKey.named("main");

    @TempDir
    private Path folder;

    @AutoClose
    private TestBackend backend;

    private StandaloneProxy proxy;

    @BeforeEach
    void start() throws Exception {
        backend = new TestBackend();
        Path keys = Files.writeString(folder.resolve("jwks.json"), SigningKey.set(KEY));
        JwtProvider provider = new JwtProvider(
                "login",
                Token.ISSUER,
                List.of(Token.AUDIENCE),
                List.of(JwtAlgorithm.ES256),
                Duration.ofSeconds(30),
                false,
                List.of(new KeySource(null, null, keys.toString(), KeySource.DATA_KEY)));
        JwtRules rules = new JwtRules(
                List.of(provider),
                List.of(new TokenSource(TokenSource.Type.Subprotocol, null)),
                List.of(),
                List.of(),
                true,
                null);
        proxy = StandaloneProxy.to(List.of(backend.port()), rule -> rule.access(AccessConfig.ofTokens(rules)), folder);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** What a page sees that makes these offers. */
    private JsonNode seen(List<List<String>> offers) throws Exception {
        backend.page("/page", PAGE.formatted(proxy.ws("/ws/"), new ObjectMapper().writeValueAsString(offers)));
        URI page = URI.create("http://127.0.0.1:" + backend.port() + "/page");
        try (StartedProgram browser = Browser.open(page, folder)) {
            return Browser.posted(backend, "/result", browser);
        }
    }

    private static String encoded(String token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertTalked(JsonNode seen, String protocol) {
        assertThat(seen.path("protocol").asText()).as(seen.toString()).isEqualTo(protocol);
        assertThat(seen.path("echo").asText()).isEqualTo("hello");
        assertThat(seen.path("code").asInt()).isEqualTo(1000);
    }

    /** The backend learns nothing of the token. */
    private void assertOffered(int attempt, @Nullable String protocols, String token) throws Exception {
        HttpHeaders head = backend.handshake("/ws/" + attempt).get(1, TimeUnit.MINUTES);
        assertThat(head.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)).isEqualTo(protocols);
        assertThat(head.entries().toString())
                .doesNotContain(token, encoded(token))
                .doesNotContainIgnoringCase("bearer");
    }

    @Test
    void aPageOffersItsTokenAndTheSubprotocolOfTheBackendIsSelected() throws Exception {
        String token = Token.of("alice").signedBy(KEY);

        JsonNode seen = seen(List.of(
                List.of("bearer", token, "chat"),
                List.of(KUBERNETES + encoded(token), "chat"),
                List.of(KUBERNETES + token, "chat"),
                List.of("bearer", token)));

        for (int i = 0; i < 3; i++) {
            assertTalked(seen.path(i), "chat");
            assertOffered(i, "chat", token);
        }
        assertTalked(seen.path(3), "bearer");
        assertOffered(3, null, token);
        assertThat(proxy.log()).isNotEmpty().noneMatch(line -> line.contains(token) || line.contains(encoded(token)));
    }

    @Test
    void aPageWithoutAGoodTokenSeesThatItFails() throws Exception {
        String forged = Token.of("alice").signedBy(SigningKey.named("main"));

        JsonNode seen = seen(List.of(
                List.of("bearer", forged, "chat"), List.of(KUBERNETES + encoded(forged), "chat"), List.of("chat")));

        assertThat(seen).as(seen.toString()).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.path("failed").asBoolean()).isTrue();
            assertThat(attempt.path("code").asInt()).isEqualTo(1006);
            assertThat(attempt.has("protocol")).isFalse();
        });
        for (int i = 0; i < 3; i++) {
            assertThat(backend.handshake("/ws/" + i)).isNotDone();
            String target = "\"target\":\"/ws/" + i + "\"";
            assertThat(proxy.log()).anyMatch(line -> line.contains(target) && line.contains("\"status\":401"));
        }
        assertThat(proxy.log()).noneMatch(line -> line.contains(forged) || line.contains(encoded(forged)));
    }
}
