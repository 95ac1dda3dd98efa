// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.AccessConfig.ClientAddresses;
import dev.wsroute.config.AccessConfig.Mode;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses may connect. */
class ClientAddressesTest extends ProxyTest {

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    private TestProxy proxy(List<String> allow, List<String> deny, boolean behindBalancer) throws IOException {
        AccessConfig access = new AccessConfig(Mode.Enforce, List.of(), false, new ClientAddresses(allow, deny));
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(access))
                .start());
        if (behindBalancer) {
            proxy.apply(ProxyTerms.of(
                    LimitsConfig.DEFAULT, new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled)));
        }
        return proxy;
    }

    private String status(TestProxy proxy, String client, boolean upgrade) throws IOException {
        String header = "X-Forwarded-For: " + client;
        RawPeer peer = open(proxy.connect())
                .send(upgrade ? TestProxy.handshake(header) : "GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n");
        RawPeer backend = server.poll();
        while (backend == null && peer.hearsNothingFor(1)) {
            backend = server.poll();
        }
        if (backend != null) {
            open(backend).readHead();
            backend.send(upgrade ? TestProxy.switching() : "HTTP/1.1 204 No Content\r\n\r\n");
        }
        return peer.readHead().split(" ", 3)[1];
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,            true",
        "198.51.100.1,         false",
        "192.0.2.66,           false",
        "2001:db8::1,          true",
        "2001:db9::1,          false",
        "::ffff:192.0.2.7,     true",
    })
    void allowAndDenyCoverTheClientThatATrustedProxyReports(String client, boolean passes) throws Exception {
        TestProxy proxy = proxy(List.of("192.0.2.0/24", "2001:db8::/32"), List.of("192.0.2.66"), true);

        assertThat(status(proxy, client, true)).isEqualTo(passes ? "101" : "403");
        assertThat(status(proxy, client, false)).isEqualTo(passes ? "204" : "403");
    }

    @Test
    void aStrangerCannotClaimAnotherAddress() throws Exception {
        TestProxy proxy = proxy(List.of("192.0.2.0/24"), List.of(), false);

        assertThat(status(proxy, "192.0.2.7", true)).isEqualTo("403");
    }

    @Test
    void withDenyAloneAllOthersConnect() throws Exception {
        TestProxy proxy = proxy(List.of(), List.of("192.0.2.0/24"), true);

        assertThat(status(proxy, "198.51.100.1", true)).isEqualTo("101");
        assertThat(status(proxy, "192.0.2.7", true)).isEqualTo("403");
    }
}
