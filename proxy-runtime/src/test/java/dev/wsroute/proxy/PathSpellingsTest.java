// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that match one rule of a whole proxy, but that a backend could resolve to something else. */
class PathSpellingsTest extends ProxyProcessFixture {

    private static final String STRICT = "\n    paths: RejectAmbiguous";

    private String document(String paths) {
        return """
                listeners: [{name: ws, address: 127.0.0.1, port: 0}]
                drain: {over: 0s}
                routes:
                  - name: r
                    hostnames: [chat.example.com]%s
                    rules:
                      - name: admin
                        matches: [{path: {type: PathPrefix, value: /admin}}]
                        backends: [{name: one, weight: 1, endpoints: [{address: 127.0.0.1, port: %d}]}]
                      - name: all
                        backends: [{name: two, weight: 1, endpoints: [{address: 127.0.0.1, port: %d}]}]
                """.formatted(paths, one.address().getPort(), two.address().getPort());
    }

    private RawPeer asks(String path, boolean upgrade) throws IOException {
        RawPeer client = RawPeer.connect(listening());
        String handshake = TestProxy.handshake().replace("/chat?x=1", path + "?q=/../x;y");
        client.send(upgrade ? handshake : "GET " + path + "?q=//%61 HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
        return client;
    }

    /** The path that the backend receives. */
    private String forwarded(RawBackend backend, String path, boolean upgrade) throws IOException {
        RawPeer client = asks(path, upgrade);
        try (RawPeer behind = backend.accept()) {
            return behind.readHead();
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../admin",
                "/x/..;/admin",
                "/%61dmin",
                "//admin",
                "/./admin",
                "/x%2f..%2fadmin",
                "/x/%2e%2e/admin",
                "/x\\..\\admin",
                "/%c0%ae%c0%ae/admin",
                "/admin/..;/y",
                "/admin;v=1"
            })
    void whereAmbiguousOnesAreRejectedNoRuleGetsThem(String path) throws Exception {
        start(document(STRICT));

        for (boolean upgrade : new boolean[] {true, false}) {
            try (RawPeer client = asks(path, upgrade)) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
                assertThat(client.readText(22)).isEqualTo("The path is ambiguous.");
            }
        }
        assertThat(one.isLeftAloneFor(20)).isTrue();
        assertThat(two.isLeftAloneFor(1)).isTrue();
        assertThat(admin("/metrics").body()).contains("reason=\"ambiguous_path\"");
    }

    @Test
    void thereOtherPathsAreServedWhateverTheirQuery() throws Exception {
        start(document(STRICT));

        String deep = forwarded(one, "/admin/%20caf%c3%a9", true);
        String hidden = forwarded(two, "/.well-known/x", false);

        assertThat(deep).startsWith("GET /admin/%20caf%c3%a9?q=/../x;y HTTP/1.1\r\n");
        assertThat(hidden).startsWith("GET /.well-known/x?q=//%61 HTTP/1.1\r\n");
    }

    @Test
    void anEditTakesEffectAtTheNextRequest() throws Exception {
        start(document(""));
        String before = forwarded(two, "//admin", false);

        replace(document(STRICT));
        awaitApplied(2);

        assertThat(before).startsWith("GET //admin?q=//%61 HTTP/1.1\r\n");
        try (RawPeer client = asks("//admin", false)) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aRuleCannotHideThatARequestHasPassed() throws Exception {
        start(document("").replace("name: all\n", """
                name: all
                        requestHeaders: {remove: [CDN-Loop], set: [{name: cdn-loop, value: forged}]}
                """));

        String passed = forwarded(two, "/", true);

        try (RawPeer client = RawPeer.connect(listening())) {
            client.send(passed);
            assertThat(client.readHead()).startsWith("HTTP/1.1 508 ");
        }
        assertThat(passed).contains("CDN-Loop: wsroute-").doesNotContain("forged");
    }
}
