package dev.wsroute.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.admin.AdminServer.Answer;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest extends ProxyTest {

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = open(new AdminServer(new InetSocketAddress("127.0.0.1", 0)));
        server.page("/livez", () -> Answer.text(200, "ok")).start();
    }

    @Test
    void clients_that_stop_within_their_request_do_not_keep_others_from_their_answer() throws Exception {
        // As many as there are threads, and one more.
        for (int i = 0; i < 9; i++) {
            open(RawPeer.connect(server.address())).send("GET /livez HTTP/1.1\r\nHo");
        }

        // A probe that waits for a thread may be cut off with them; the next one is answered.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(this::isLive);
    }

    private boolean isLive() throws IOException {
        try (RawPeer probe = RawPeer.connect(server.address())) {
            probe.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
            return probe.readHead().startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void only_reading_is_allowed() throws Exception {
        RawPeer client = open(RawPeer.connect(server.address()));

        client.send("DELETE /livez HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 405 ");
    }
}
