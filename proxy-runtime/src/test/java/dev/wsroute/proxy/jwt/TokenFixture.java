// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.ClaimHeader;
import dev.wsroute.config.ClaimRule;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.TokenSource;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.testkit.Documents;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A proxy whose rule asks for tokens, an issuer that signs them, and what the rule's sources hold. */
abstract class TokenFixture extends ProxyTest {

    static final String ISSUER = "https://id.example.com";
    /** What the proxy's clock says, in seconds. */
    static final long NOW = 1_800_000_000;
    /** Expires in 2118. */
    static final String CLAIMS =
            "{\"iss\":\"" + ISSUER + "\",\"aud\":\"chat\",\"sub\":\"ada\",\"jti\":\"t1\",\"exp\":4700000000";

    static final KeySource KEYS = new KeySource(null, null, "jwks.json", null);
    static final DenyListSource REVOKED = new DenyListSource(null, "deny.list");

    final KeyPair keys = newKeys();
    final Map<Object, MaterialSource.Sink> sinks = new HashMap<>();
    final RecordingMetrics metrics = new RecordingMetrics();
    final JwtAccess access = new JwtAccess(Runnable::run, new Sources(), () -> Instant.ofEpochSecond(NOW));
    RawBackend server;

    @BeforeEach
    void startBackend() throws Exception {
        server = open(RawBackend.start());
        open(access);
    }

    private static KeyPair newKeys() {
        try {
            return Tokens.keys(JwtAlgorithm.ES256);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sources that tests fill. */
    private final class Sources implements TokenMaterialSources {

        @Override
        public MaterialSource keys(KeySource source) {
            return source(source);
        }

        @Override
        public MaterialSource denyList(DenyListSource source) {
            return source(source);
        }

        private MaterialSource source(Object name) {
            return new MaterialSource() {
                @Override
                public void start(Sink sink) {
                    sinks.put(name, sink);
                }

                @Override
                public void close() {
                    sinks.remove(name);
                }
            };
        }
    }

    /** The source of keys now holds this. */
    void keySet(String text) {
        offer(KEYS, KeySource.DATA_KEY, text);
    }

    void offer(Object source, String key, String text) {
        sinks.get(source).offer(Map.of(key, text.getBytes(UTF_8)));
    }

    static JwtProvider provider() {
        return new JwtProvider(
                "main",
                ISSUER,
                List.of("chat"),
                List.of(JwtAlgorithm.ES256),
                Duration.ofSeconds(30),
                false,
                List.of(KEYS));
    }

    static JwtRules rules(TokenSource... from) {
        return new JwtRules(List.of(provider()), List.of(from), List.of(), List.of(), true, null);
    }

    static JwtRules withClaims(ClaimRule... claims) {
        return new JwtRules(List.of(provider()), List.of(), List.of(claims), List.of(), true, null);
    }

    static JwtRules withHeaders(ClaimHeader... headers) {
        return new JwtRules(List.of(provider()), List.of(), List.of(), List.of(headers), true, null);
    }

    static JwtRules hiding(TokenSource... from) {
        return new JwtRules(List.of(provider()), List.of(from), List.of(), List.of(), false, null);
    }

    static TokenSource source(TokenSource.Type type, @Nullable String name) {
        return new TokenSource(type, name);
    }

    /** A proxy with a rule that asks for tokens, and the keys of the issuer. */
    TestProxy proxy(JwtRules rules) throws IOException {
        TestProxy proxy = proxyWithoutKeys(rules, options -> options);
        keySet(Tokens.pem(keys));
        return proxy;
    }

    TestProxy proxyWithoutKeys(JwtRules rules, UnaryOperator<TestProxyOptions> further) throws IOException {
        AccessConfig config = AccessConfig.ofTokens(rules);
        access.applied(Documents.config(Documents.route(
                "apps/echo",
                List.of(),
                dev.wsroute.config.RuleConfig.named("main").access(config).build())));
        return open(further.apply(TestProxy.options()
                        .to(server.address())
                        .metrics(metrics)
                        .rule(rule -> rule.access(config))
                        .steps(access))
                .start());
    }

    /** A good token with further claims, such as {@code ,"scope":"chat"}. */
    String token(String further) throws Exception {
        return Tokens.sign(JwtAlgorithm.ES256, keys.getPrivate(), CLAIMS + further + "}");
    }

    String token() throws Exception {
        return token("");
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    /** Opens a WebSocket, and returns the request that the backend got. */
    String opened(TestProxy proxy, String... headers) throws IOException {
        return openedAt(proxy, "/chat?x=1", headers);
    }

    String openedAt(TestProxy proxy, String target, String... headers) throws IOException {
        RawPeer client = open(proxy.connect()).send(handshake(target, headers));
        RawPeer backend = open(server.accept());
        String request = backend.readHead();
        backend.send(TestProxy.switching());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return request;
    }

    static String handshake(String target, String... headers) {
        return TestProxy.handshake(headers).replace("GET /chat?x=1 ", "GET " + target + " ");
    }

    /** Makes a handshake that is refused, and returns the head of the response. */
    String refused(TestProxy proxy, String... headers) throws IOException {
        return refusedAt(proxy, "/chat?x=1", headers);
    }

    String refusedAt(TestProxy proxy, String target, String... headers) throws IOException {
        RawPeer client = open(proxy.connect()).send(handshake(target, headers));
        return client.readHead();
    }
}
