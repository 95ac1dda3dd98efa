// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.proxy.memory.ConnectionRoom;
import org.junit.jupiter.api.Test;

class ConnectionCapacityTest {

    private static final ConnectionRoom ROOM = new ConnectionRoom(1000, 800);
    private static final String PLAIN = "{name: ws, port: 80}";
    private static final String SECURE =
            "{name: wss, port: 443, protocol: HTTPS, tls: {certificates: [{certificateFile: a, keyFile: b}]}}";

    private static ProxyConfig config(int connections, String listeners, String backendTls) throws Exception {
        String text = """
                listeners: [%s]
                limits: {connectionsPerProxy: %d}
                routes:
                  - name: chat
                    rules:
                      - name: main
                        backends: [{name: b, endpoints: [{address: 10.0.0.1, port: 80}]%s}]
                """.formatted(listeners, connections, backendTls);
        return new ProxyConfigParser().parse(text, DocumentFormat.YAML, true).config();
    }

    @Test
    void aConnectionWithTlsNeedsMore() throws Exception {
        assertThat(ConnectionCapacity.fault(config(1000, PLAIN, ""), ROOM)).isNull();
        assertThat(ConnectionCapacity.fault(config(800, PLAIN + "," + SECURE, ""), ROOM))
                .isNull();
        assertThat(ConnectionCapacity.fault(config(801, PLAIN + "," + SECURE, ""), ROOM))
                .isEqualTo("limits.connectionsPerProxy is 801, but only 800 connections with TLS fit in the memory of"
                        + " this proxy: give it more memory, or lower the limit");
    }

    @Test
    void aConnectionWithTlsOnBothSidesNeedsTwiceAsMuch() throws Exception {
        String tls = ", tls: {hostname: a.example}";

        assertThat(ConnectionCapacity.fault(config(800, PLAIN, tls), ROOM)).isNull();
        assertThat(ConnectionCapacity.fault(config(400, SECURE, tls), ROOM)).isNull();
        assertThat(ConnectionCapacity.fault(config(401, SECURE, tls), ROOM))
                .startsWith("limits.connectionsPerProxy is 401, but only 400 connections with TLS on both sides fit");
    }
}
