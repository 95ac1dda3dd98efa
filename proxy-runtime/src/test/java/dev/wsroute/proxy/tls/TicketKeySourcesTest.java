// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerConfig.Protocol;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TicketKeySourcesTest extends CertificatesFixture {

    private static ProxyConfig sharing(SessionTickets tickets) {
        return ProxyConfig.named("chat")
                .listeners(List.of(new ListenerConfig(
                        "wss", null, 443, Protocol.HTTPS, new ListenerTls(List.of(SECRET), null, null, null, tickets))))
                .ticketKeys(TICKET_KEYS)
                .build();
    }

    private static Map<String, byte[]> ticketKeys(int... values) {
        return Map.of("ticket.keys", TlsFixture.bytes(TlsFixture.ticketKeys(values)));
    }

    private TicketKeys ticketKeysInForce() {
        return Objects.requireNonNull(certificates.listener("wss")).ticketKeys();
    }

    @Test
    void theTicketKeysOfTheSourceAreUsedAndKeptAndBrokenOnesAreReported() throws Exception {
        ProxyConfig config = sharing(SessionTickets.Enabled);
        var known = certificates.require(config);
        source(SECRET).offer(data(soon()));
        assertThat(known).isNotDone();
        source(TICKET_KEYS).offer(ticketKeys(1, 2, 3));
        assertThat(known).isDone();
        certificates.applied(config);
        assertThat(ticketKeysInForce())
                .isEqualTo(TicketKeys.parse("", ticketKeys(1, 2, 3).get("ticket.keys")));

        Map<String, byte[]> rotated = ticketKeys(2, 3, 4);
        source(TICKET_KEYS).offer(rotated);
        source(TICKET_KEYS).offer(Map.of("ticket.keys", TlsFixture.bytes("not a key")));

        assertThat(ticketKeysInForce()).isEqualTo(TicketKeys.parse("", rotated.get("ticket.keys")));
        assertThat(kept.get("ticket keys of " + TICKET_KEYS.label())).isEqualTo(rotated);
        assertThat(reports.get(0).source()).isEqualTo(TICKET_KEYS.label());
        assertThat(fault()).isEqualTo("ticket.keys line 1 is not base64");
        source(TICKET_KEYS).offer(rotated);
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void ticketKeysThatAnEarlierProcessKeptAreUsedUntilTheSourceReports() throws Exception {
        Map<String, byte[]> last = ticketKeys(1, 2, 3);
        kept.put("ticket keys of " + TICKET_KEYS.label(), last);

        certificates.applied(sharing(SessionTickets.Enabled));

        assertThat(ticketKeysInForce()).isEqualTo(TicketKeys.parse("", last.get("ticket.keys")));
    }

    @Test
    void withoutTicketsTheKeysAreNeitherReadNorKept() {
        kept.put("ticket keys of " + TICKET_KEYS.label(), ticketKeys(1, 2, 3));

        certificates.applied(sharing(SessionTickets.Disabled));

        assertThat(sources).doesNotContainKey(TICKET_KEYS.label());
        assertThat(kept).isEmpty();
    }

    @Test
    void aProxyWithoutSharedKeysReplacesItsRandomOnesTwiceADay() {
        ManualClock clock = new ManualClock();
        Certificates alone = create(clock);
        alone.applied(config(ListenerTls.of(List.of(SECRET))));
        TlsListener listener = Objects.requireNonNull(alone.listener("wss"));
        TicketKeys first = listener.ticketKeys();

        clock.advance(Duration.ofHours(11));
        alone.check();
        assertThat(listener.ticketKeys()).isEqualTo(first);
        clock.advance(Duration.ofHours(1));
        alone.check();
        TicketKeys second = listener.ticketKeys();
        assertThat(second).isNotEqualTo(first);

        clock.advance(Duration.ofDays(-300));
        alone.check();
        assertThat(listener.ticketKeys()).isEqualTo(second);
        clock.advance(Duration.ofHours(12));
        alone.check();
        assertThat(listener.ticketKeys()).isNotEqualTo(second);
    }
}
