// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.TestTls;
import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table about trusted proxies in docs/compatibility.md is a case. */
class ProxiesInFrontTest extends WireTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @BeforeAll
    static void trust() {
        proxy.apply(ProxyTerms.of(
                LimitsConfig.DEFAULT,
                new ClientAddressConfig(List.of("127.0.0.1", "10.0.0.0/8"), ProxyProtocol.Disabled)));
    }

    static Stream<Arguments> cases() throws Exception {
        List<String> document = Files.readAllLines(Path.of("../docs/compatibility.md"));
        int header = document.indexOf("| A trusted proxy sends | backends get | Why |");
        assertThat(header).as("the table").isPositive();
        return document.stream()
                .skip(header + 2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> row(lines(cells[1]), lines(withScheme(cells[2]))))
                .flatMap(one -> deliveries().map(delivery -> Arguments.of(one, delivery)));
    }

    private static HandshakeCase row(String[] sent, String[] told) {
        return new HandshakeCase(
                String.join(", ", sent),
                "RFC 7239",
                Head.REQUEST.with(sent).text(),
                "",
                Head.FORWARDED
                        .with(told)
                        .with("X-Request-Id: {id}", "CDN-Loop: wsroute-{process}")
                        .with("Upgrade: websocket", "Connection: Upgrade")
                        .text(),
                Head.SWITCHING.text(),
                Head.SWITCHED.text(),
                Ending.TUNNEL);
    }

    /** The document shows plain clients. */
    private static String withScheme(String told) {
        String scheme = TestTls.scheme();
        String withPort = TestTls.isOn() ? told.replace("{port}", "443") : told;
        return withPort.replace("`X-Forwarded-Proto: http`", "`X-Forwarded-Proto: " + scheme + "`")
                .replace("host=server.example.com;proto=http", "host=server.example.com;proto=" + scheme);
    }

    private static String[] lines(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void backendsReceiveTheDocumentedHeaders(HandshakeCase one, Delivery delivery) throws Exception {
        HandshakeWireTest.play(one, delivery);
    }
}
