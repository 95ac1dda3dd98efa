// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.wsroute.e2e.echo.EchoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrainingLoadTest {

    @Test
    void opensWebSocketsAndMakesPlainRequests() throws IOException {
        try (EchoServer server = new EchoServer("127.0.0.1", 0, "echo");
                TrainingLoad load = new TrainingLoad(server.port())) {
            TrainingLoad.Done done = load.run(Duration.ZERO);

            assertThat(done).isEqualTo(new TrainingLoad.Done(16, 2));
        }
    }

    @Test
    void goesOnForTheTimeThatItIsGiven() throws IOException {
        try (EchoServer server = new EchoServer("127.0.0.1", 0, "echo");
                TrainingLoad load = new TrainingLoad(server.port())) {
            long start = System.nanoTime();

            load.run(Duration.ofMillis(300));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void anUnreachableProxyIsReported() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (TrainingLoad load = new TrainingLoad(port)) {
            assertThatThrownBy(() -> load.run(Duration.ofSeconds(30)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("Connection refused")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void saysSoWhereTheUpgradeIsRefused() throws IOException {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        refusing.start();
        try (TrainingLoad load = new TrainingLoad(refusing.getAddress().getPort())) {
            assertThatThrownBy(() -> load.run(Duration.ofSeconds(30)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("503");
        } finally {
            refusing.stop(0);
        }
    }
}
