// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.exact;
import static dev.wsroute.proxy.testkit.Documents.prefix;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.testkit.Facts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    private static final EndpointSelector NOWHERE = (request, tried) -> null;

    @ParameterizedTest(name = "prefix {0} and path {1}: {2}")
    @CsvSource({
        "/, /, true",
        "/, /ws, true",
        "/, '', true",
        "/ws, /ws, true",
        "/ws, /ws/, true",
        "/ws, /ws/a, true",
        "/ws, /wsx, false",
        "/ws, /w, false",
        "/ws, /WS, false",
        "/ws/, /ws, true",
        "/ws/, /ws/a, true",
        "/ws/, /wsx, false",
        "/a/b, /a/b/c, true",
        "/a/b, /a/bc, false",
        "/a/b, /a/%62, false",
        "/a/b, //a/b, false",
        "/a/b, /a/../a/b, false",
        "/ws, /ws;v=1, false",
    })
    void aPrefixEndsAtTheBorderOfASegment(String prefix, String path, boolean fits) {
        ProxyConfig config = config(route("r", List.of(), rule("only", List.of(prefix(prefix)))));

        assertThat(find(config, "any", path)).isEqualTo(fits ? "r/only" : null);
    }

    @ParameterizedTest(name = "{0}{1} goes to {2}")
    @CsvSource({
        "chat.example.com, /ws, exact-host/ws",
        "chat.example.com, /ws/deep/er, exact-host/ws-deep",
        "chat.example.com, /ws/deep, exact-host/ws-deep-exactly",
        "chat.example.com, /other, wildcard/all",
        "a.example.com, /ws, wildcard/all",
        "a.b.example.com, /ws, wildcard/all",
        "a.deep.example.com, /x, deep-wildcard/all",
        "example.com, /ws, any/ws",
        "example.com, /, ",
        "'', /ws, any/ws",
        "notexample.com, /ws, any/ws",
        ".example.com, /ws, any/ws",
    })
    void theMostSpecificHostTakesPrecedenceOverThePath(String host, String path, @Nullable String expected) {
        ProxyConfig config = config(
                route("any", List.of(), rule("ws", List.of(prefix("/ws")))),
                route("wildcard", List.of("*.example.com"), rule("all", List.of())),
                route("deep-wildcard", List.of("*.deep.example.com"), rule("all", List.of())),
                route(
                        "exact-host",
                        List.of("chat.example.com"),
                        rule("ws", List.of(prefix("/ws"))),
                        rule("ws-deep", List.of(prefix("/ws/deep"))),
                        rule("ws-deep-exactly", List.of(exact("/ws/deep")))));

        assertThat(find(config, host, path)).isEqualTo(expected);
    }

    @Test
    void amongEqualsTheFirstInTheDocumentWins() {
        ProxyConfig config = config(
                route("r", List.of("a"), rule("one", List.of(prefix("/x"), exact("/e")))),
                route("s", List.of("a"), rule("two", List.of(prefix("/x/"), exact("/e")))));

        assertThat(find(config, "a", "/x/y")).isEqualTo("r/one");
        assertThat(find(config, "a", "/e")).isEqualTo("r/one");
    }

    @Test
    void nothingIsServedBeforeTheFirstConfiguration() {
        assertThat(RouteTable.EMPTY.route(new Facts("a", "/"))).isNull();
    }

    private static @Nullable String find(ProxyConfig config, String host, String path) {
        ActiveRule rule = RouteTable.compile(config, (route, of) -> NOWHERE, backend -> null, (route, of) -> null)
                .route(new Facts(host, path));
        return rule == null ? null : rule.route() + "/" + rule.config().name();
    }
}
