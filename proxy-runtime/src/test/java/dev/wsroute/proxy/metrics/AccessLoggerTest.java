package dev.wsroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessLoggerTest {

    @Test
    void a_websocket_is_one_line() {
        AccessEntry entry = new AccessEntry(
                0,
                1_500_000_000L,
                "127.0.0.1:5000",
                "GET",
                "chat.example.com",
                "/ws?x=1",
                null,
                101,
                "apps/chat",
                "service/chat:ws",
                "10.0.0.1:80",
                null,
                new AccessEntry.Tunnel(1, 20, 3, 40, 1000, null, TunnelEnd.CLIENT_CLOSED));

        assertThat(AccessLogger.line(entry))
                .isEqualTo("127.0.0.1:5000 \"GET chat.example.com/ws?x=1\" 101 1500ms apps/chat service/chat:ws"
                        + " 10.0.0.1:80 in=1/20B out=3/40B client_closed 1000");
    }

    @Test
    void nobody_can_forge_a_line_or_a_quote() {
        AccessEntry entry = new AccessEntry(
                0,
                0,
                "127.0.0.1:5000",
                "GET",
                "a",
                "/\r\n1.2.3.4 \"GET",
                null,
                404,
                null,
                null,
                null,
                "no route",
                null);

        assertThat(AccessLogger.line(entry))
                .isEqualTo("127.0.0.1:5000 \"GET a/??1.2.3.4 ?GET\" 404 0ms - - - (no route)");
    }
}
