// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.Trailers;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trailers pass only if the rule names them, and only if the field would pass as a header. */
class TrailersTest extends ProxyTest {

    private static final String EVIL = "X-Tenant: evil\r\nX_Tenant: evil\r\nX-Debug: 1\r\nX-Forwarded-For: 6.6.6.6\r\n"
            + "X-Real-IP: 6.6.6.6\r\nConnection: close\r\nTE: trailers\r\nHost: admin\r\nUpgrade: websocket\r\n"
            + "Content-Length: 3\r\nContent_Length: 3\r\nTransfer-Encoding: x\r\nTransfer_Encoding: x\r\nTrailer: X-Sum\r\n"
            + "Authorization: Basic eDp5\r\nCookie: a=1\r\nSet-Cookie: sid=evil\r\nSec-WebSocket-Key: x\r\n";

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    private TestProxy proxy(@Nullable Trailers trailers, @Nullable HeaderModifier headers) throws Exception {
        return open(TestProxy.options()
                .to(server.address())
                .rule(rule ->
                        rule.trailers(trailers).requestHeaderModifier(headers).responseHeaderModifier(headers))
                .start());
    }

    private record Exchanged(
            String requestHead, String requestTrailers, String responseHead, String responseTrailers) {}

    /** One request and one response, each with these headers, a chunk of two bytes and these trailers. */
    private Exchanged exchange(TestProxy proxy, String headers, String trailers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + headers + "\r\n2\r\nhi\r\n0\r\n"
                + trailers + "\r\n");
        RawPeer backend = open(server.accept());
        String requestHead = backend.readHead();
        backend.readText("2\r\nhi\r\n0\r\n".length());
        String requestTrailers = section(backend);
        backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + headers + "\r\n2\r\nok\r\n0\r\n" + trailers
                + "\r\n");
        String responseHead = client.readHead();
        client.readText("2\r\nok\r\n0\r\n".length());
        return new Exchanged(requestHead, requestTrailers, responseHead, section(client));
    }

    private static String section(RawPeer peer) throws Exception {
        StringBuilder section = new StringBuilder();
        while (!section.toString().equals("\r\n") && section.indexOf("\r\n\r\n") < 0) {
            section.append(peer.readText(1));
        }
        return section.substring(0, section.length() - 2);
    }

    @Test
    void nonePassesUnlessItIsNamed() throws Exception {
        Exchanged passed = exchange(proxy(null, null), "Trailer: X-Sum\r\n", "X-Sum: 1\r\n" + EVIL);

        assertThat(passed.requestTrailers()).isEmpty();
        assertThat(passed.responseTrailers()).isEmpty();
        assertThat(passed.requestHead()).doesNotContainIgnoringCase("trailer:");
        assertThat(passed.responseHead()).doesNotContainIgnoringCase("trailer:");
    }

    @Test
    void thoseThatAreNamedPassInWhateverCaseTheyCome() throws Exception {
        Trailers named = new Trailers(List.of("X-Sum", "x-more"), List.of("x-sum", "X-Time"));
        String both = "X-SUM: 1\r\nx-more: 2\r\nx-time: 3\r\nX-Sum: 4\r\nX-Other: 5\r\n" + EVIL;

        Exchanged passed = exchange(proxy(named, null), "TE: trailers\r\nTrailer: X-Sum, X-Other ,x-more\r\n", both);

        assertThat(passed.requestTrailers()).isEqualTo("X-SUM: 1\r\nx-more: 2\r\nX-Sum: 4\r\n");
        assertThat(passed.responseTrailers()).isEqualTo("X-SUM: 1\r\nx-time: 3\r\nX-Sum: 4\r\n");
        assertThat(passed.requestHead())
                .containsIgnoringCase("trailer: X-Sum, x-more\r\n")
                .containsIgnoringCase("te: trailers\r\n")
                .containsIgnoringCase("connection: close, te\r\n");
        assertThat(passed.responseHead()).containsIgnoringCase("trailer: X-Sum\r\n");
    }

    @Test
    void teTrailersIsSentOnlyIfTrailersPassAndTheClientSentIt() throws Exception {
        assertThat(exchange(proxy(new Trailers(List.of("X-Sum"), List.of()), null), "TE: trailers\r\n", "")
                        .requestHead())
                .doesNotContainIgnoringCase("\r\nte:");
        assertThat(exchange(proxy(new Trailers(List.of(), List.of("X-Sum")), null), "TE: gzip\r\n", "")
                        .requestHead())
                .doesNotContainIgnoringCase("\r\nte:");
        assertThat(exchange(proxy(new Trailers(List.of(), List.of("X-Sum")), null), "TE: gzip, trailers\r\n", "")
                        .requestHead())
                .containsIgnoringCase("\r\nte: trailers\r\n");
    }

    @Test
    void whatAccessRulesSetOrRemoveDoesNotComeBackBehindTheBody() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.trailers(new Trailers(List.of("X-User", "x_user", "X-Key", "X-Sum"), List.of()))
                        .access(AccessConfig.ofOrigins(List.of())))
                .steps((route, rule) -> (request, grant, loop, next) -> {
                    grant.requestHeader("X-User", "ada");
                    grant.removeHeader("X-Key");
                    next.accept(null);
                })
                .start());

        Exchanged passed = exchange(
                proxy,
                "Trailer: X-User, x_user, X-Key, X-Sum\r\nX-Key: k\r\n",
                "X-User: eve\r\nx_user: eve\r\nX-Key: k\r\nX-Sum: 1\r\n");

        assertThat(passed.requestTrailers()).isEqualTo("X-Sum: 1\r\n");
        assertThat(passed.requestHead())
                .contains("X-User: ada\r\n")
                .containsIgnoringCase("trailer: X-Sum\r\n")
                .doesNotContain("X-Key", "eve");
    }

    @Test
    void whatTheRuleSetsOrRemovesDoesNotComeBackBehindTheBody() throws Exception {
        List<String> names = List.of("X-Tenant", "x_tenant", "X-Debug", "X-Sum");
        HeaderModifier headers = new HeaderModifier(
                List.of(new NameValue("x-tenant", "gold")), List.of(new NameValue("X-Sum", "0")), List.of("X-DEBUG"));

        Exchanged passed =
                exchange(proxy(new Trailers(names, names), headers), "Trailer: X-Tenant\r\n", "X-Sum: 1\r\n" + EVIL);

        assertThat(passed.requestTrailers()).isEqualTo("X-Sum: 1\r\n");
        assertThat(passed.responseTrailers()).isEqualTo("X-Sum: 1\r\n");
        assertThat(passed.requestHead()).contains("x-tenant: gold\r\n").doesNotContainIgnoringCase("trailer:");
    }

    @Test
    void whatConnectionListsStaysBehindAsATrailerToo() throws Exception {
        Trailers named = new Trailers(List.of("X-Sum", "X-Hop"), List.of("X-Sum", "X-Hop"));

        Exchanged passed =
                exchange(proxy(named, null), "Connection: X-Hop\r\nTrailer: X-Hop\r\n", "X-Sum: 1\r\nX-Hop: 2\r\n");

        assertThat(passed.requestTrailers()).isEqualTo("X-Sum: 1\r\n");
        assertThat(passed.responseTrailers()).isEqualTo("X-Sum: 1\r\n");
        assertThat(passed.requestHead()).doesNotContainIgnoringCase("trailer:");
    }

    /** A document that names them is refused. Bypassing that check has no effect. */
    @Test
    void thoseThatBelongToAConnectionOrNameAClientPassByNoName() throws Exception {
        List<String> every =
                EVIL.lines().map(line -> line.substring(0, line.indexOf(':'))).toList();

        Exchanged passed = exchange(proxy(new Trailers(every, every), null), "", EVIL);

        for (String trailers : List.of(passed.requestTrailers(), passed.responseTrailers())) {
            assertThat(trailers.toLowerCase(Locale.ROOT))
                    .doesNotContain("x-forwarded", "x-real", "connection", "te:", "upgrade", "trailer", "_encoding")
                    .contains("x-tenant: evil");
        }
    }

    @Test
    void aClientOfHttp10GetsTheBodyWithoutThem() throws Exception {
        RawPeer client =
                open(proxy(new Trailers(List.of(), List.of("X-Sum")), null).connect());
        client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n");

        assertThat(client.readHead()).doesNotContainIgnoringCase("trailer:");
        assertThat(client.readToEnd()).isEqualTo("ok");
    }
}
