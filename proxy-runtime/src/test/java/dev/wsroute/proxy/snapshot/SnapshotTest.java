// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which configuration applies to a connection and to a request while configurations change. */
class SnapshotTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n";

    @Test
    void aRequestIsRoutedAndTrustedByOneConfigurationHoweverFastTheyChange() throws Exception {
        try (TestProxy proxy = TestProxy.options().start()) {
            Snapshot believing = snapshot("believing", "127.0.0.1");
            Snapshot doubting = snapshot("doubting", "192.0.2.9");
            proxy.snapshot().swap(doubting);
            Thread changes = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    proxy.snapshot().swap(believing);
                    proxy.snapshot().swap(doubting);
                }
            });
            changes.start();

            TreeSet<String> seen = new TreeSet<>();
            try (RawPeer client = RawPeer.connect(proxy.address())) {
                for (int i = 0; i < 3000; i++) {
                    client.send(REQUEST);
                    String head = client.readHead();
                    assertThat(head).startsWith("HTTP/1.1 426 ");
                    client.read(contentLength(head));
                    AccessEntry entry = proxy.nextLogged();
                    seen.add(entry.route() + " " + entry.client().replaceAll(":\\d+$", ""));
                }
            } finally {
                changes.interrupt();
                changes.join();
            }

            assertThat(seen)
                    .isSubsetOf("believing 192.0.2.1", "doubting 127.0.0.1")
                    .hasSize(2);
        }
    }

    @Test
    void aConnectionKeepsTheProxyProtocolThatItWasAcceptedWith() throws Exception {
        try (TestProxy proxy = TestProxy.options().start();
                RawPeer before = RawPeer.connect(proxy.address())) {
            before.send("GET / HT");
            try (RawPeer later = RawPeer.connect(proxy.address())) {
                later.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
                assertThat(later.readHead())
                        .as("connections are accepted in order: the earlier one is, too")
                        .startsWith("HTTP/1.1 404 ");
            }
            proxy.finishReading();

            proxy.apply(ProxyTerms.of(
                    LimitsConfig.DEFAULT, new ClientAddressConfig(List.of("192.0.2.0/24"), ProxyProtocol.Require)));
            before.send("TP/1.1\r\nHost: nowhere.example\r\n\r\n");

            assertThat(before.readHead()).startsWith("HTTP/1.1 404 ");
            assertThat(RawPeer.isResetOnArrival(proxy.address())).isTrue();
        }
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    private static Snapshot snapshot(String route, String trusted) {
        RuleConfig rule = RuleConfig.named("main")
                .plainHttp(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(60)))
                .build();
        return new Snapshot(
                request -> new ActiveRule(route, rule, (facts, tried) -> null),
                ProxyTerms.of(LimitsConfig.DEFAULT, new ClientAddressConfig(List.of(trusted), ProxyProtocol.Disabled)),
                ProxyDrain.DEFAULT,
                1 << 16,
                AccessLogConfig.DEFAULT,
                Set.of());
    }
}
