// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PortForwarderTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private ServerSocket backend;
    private PortForwarder forwarder;

    @BeforeEach
    void startForwarder() throws IOException {
        backend = new ServerSocket(0, 50, InetAddress.getByName(LOOPBACK));
        forwarder = new PortForwarder(group, LOOPBACK, 0);
        forwarder.setTargets(List.of(new InetSocketAddress(LOOPBACK, backend.getLocalPort())));
    }

    @AfterEach
    void stopForwarder() throws IOException {
        forwarder.close();
        backend.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Socket connect() throws IOException {
        return new Socket(LOOPBACK, forwarder.port());
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Test
    void anEndOfStreamPassesWhileTheOtherDirectionContinues() throws IOException {
        try (Socket client = connect();
                Socket server = backend.accept()) {
            client.getOutputStream().write("question".getBytes());
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("question");

            server.getOutputStream().write("answer".getBytes());
            server.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void aResetByTheClientResetsTheBackend() throws IOException {
        try (Socket client = connect();
                Socket server = backend.accept()) {
            client.getOutputStream().write(1);
            assertThat(server.getInputStream().read()).isEqualTo(1);

            reset(client);

            assertThatThrownBy(() -> server.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aResetByTheBackendResetsTheClient() throws IOException {
        try (Socket client = connect();
                Socket server = backend.accept()) {
            server.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);

            reset(server);

            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aRefusedConnectionIsResetForTheClient() throws IOException {
        backend.close();

        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aReaderThatDoesNotReadStopsTheWriter() throws Exception {
        try (Socket client = connect();
                Socket server = backend.accept()) {
            client.setSendBufferSize(64 * 1024);
            byte[] block = new byte[1024 * 1024];
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 256; i++) {
                        client.getOutputStream().write(block);
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();

            writer.join(1_000);
            assertThat(writer.isAlive())
                    .as("256 MiB are not taken in while nobody reads")
                    .isTrue();

            assertThat(server.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()))
                    .isEqualTo(256L * block.length);
            writer.join();
        }
    }

    @Test
    void newConnectionsTakeTurnsAndOldOnesStayWhenTheirEndpointLeavesTheList() throws IOException {
        try (ServerSocket second = new ServerSocket(0, 50, InetAddress.getByName(LOOPBACK))) {
            forwarder.setTargets(List.of(
                    new InetSocketAddress(LOOPBACK, backend.getLocalPort()),
                    new InetSocketAddress(LOOPBACK, second.getLocalPort())));
            try (Socket one = connect();
                    Socket first = backend.accept();
                    Socket two = connect();
                    Socket other = second.accept()) {
                forwarder.setTargets(List.of());

                one.getOutputStream().write(1);
                two.getOutputStream().write(2);

                assertThat(first.getInputStream().read()).isEqualTo(1);
                assertThat(other.getInputStream().read()).isEqualTo(2);
            }
        }
    }

    @Test
    void aPortInUseIsReplacedByAFreeOne() {
        try (PortForwarder other = new PortForwarder(group, LOOPBACK, forwarder.port())) {
            assertThat(other.port()).isNotEqualTo(forwarder.port()).isPositive();
        }
    }
}
