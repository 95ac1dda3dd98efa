// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.admin.AdminOptions;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.testkit.Secrets;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe and admin ports of a whole proxy: who gets which response, and what strangers can do. */
@Tag("slow")
class AdminPortsTest extends ProxyProcessFixture {

    private static final String TOKEN = Secrets.of("token of the admin port");

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final List<AutoCloseable> held = new ArrayList<>();

    @AfterEach
    void release() throws Exception {
        blocked.countDown();
        for (AutoCloseable connection : held) {
            connection.close();
        }
    }

    private void startReady(AdminOptions options) throws Exception {
        start(document("", one), options);
        await().until(() -> status(get(adminPort(), "/readyz")) == 200);
    }

    private InetSocketAddress adminPort() {
        return running().adminAddress();
    }

    private InetSocketAddress probePort() {
        return Objects.requireNonNull(running().probeAddress());
    }

    private static String get(InetSocketAddress port, String path, String... headers) throws IOException {
        return getFrom("127.0.0.1", port, path, headers);
    }

    /** @param from a loopback address; all but 127.0.0.1 count as other machines */
    private static String getFrom(String from, InetSocketAddress port, String path, String... headers)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(port, 10_000);
            socket.setSoTimeout(10_000);
            String head = "GET " + path + " HTTP/1.1\r\nHost: a\r\n";
            for (String header : headers) {
                head += header + "\r\n";
            }
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /livez HTTP/1.1\r\nHo", "GET /metrics HTTP/1.1\r\n\r\n"})
    void probesAreAnsweredAtBothPortsWhileMoreConnectionsThanThereArePlacesAreHeld(String sent) throws Exception {
        startReady(new AdminOptions("127.0.0.1", 0, 0, null));
        for (int i = 0; i < 1100; i++) {
            hold(adminPort(), sent);
            hold(probePort(), sent);
        }

        for (int i = 0; i < 21; i++) {
            assertThat(status(get(adminPort(), "/livez"))).isEqualTo(200);
            assertThat(status(get(probePort(), "/livez"))).isEqualTo(200);
            assertThat(status(get(probePort(), "/readyz"))).isEqualTo(200);
        }
        // Requests for metrics may still be waiting, in which case the page answers 503.
        await().until(() -> status(get(adminPort(), "/metrics")) == 200);
        assertThat(get(adminPort(), "/metrics"))
                .containsPattern("wsroute_admin_connections_dropped_total\\{port=\"admin\",reason=\"crowded_out\"}")
                .containsPattern("wsroute_admin_connections_dropped_total\\{port=\"probe\",reason=\"too_slow\"}");
    }

    private void hold(InetSocketAddress port, String sent) throws IOException {
        RawPeer peer = RawPeer.connect(port, 4096);
        held.add(peer);
        try {
            peer.send(sent);
        } catch (IOException reset) {
            // Evicted already.
            return;
        }
    }

    @Test
    void theProbePortAnswersProbesAlone() throws Exception {
        startReady(new AdminOptions("127.0.0.1", 0, 0, null));

        assertThat(status(get(probePort(), "/livez"))).isEqualTo(200);
        assertThat(status(get(probePort(), "/readyz"))).isEqualTo(200);
        for (String path : List.of("/metrics", "/config", "/connections", "/")) {
            assertThat(status(get(probePort(), path))).as(path).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"/config, 403", "/connections, 403", "/metrics, 200", "/livez, 200", "/readyz, 200"})
    void otherMachinesGetNoDetails(String path, int status) throws Exception {
        startReady(new AdminOptions("127.0.0.1", 0, 0, null));

        assertThat(status(getFrom("127.0.0.5", adminPort(), path))).isEqualTo(status);
        assertThat(status(getFrom("127.0.0.1", adminPort(), path))).isEqualTo(200);
    }

    @Test
    void withTheAddressOfAPodDetailsAreShownOnLoopbackAlone() throws Exception {
        InetAddress pod = anotherAddressOfThisMachine();
        start(document("", one), new AdminOptions(pod.getHostAddress(), 0, 0, null));
        InetSocketAddress loopback =
                new InetSocketAddress("127.0.0.1", adminPort().getPort());

        assertThat(status(get(loopback, "/config"))).isEqualTo(200);
        try (Socket socket = new Socket()) {
            socket.connect(adminPort(), 10_000);
            socket.getOutputStream().write("GET /config HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    private static InetAddress anotherAddressOfThisMachine() throws IOException {
        List<InetAddress> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
        assumeThat(addresses).as("this machine has no address but loopback's").isNotEmpty();
        return addresses.get(0);
    }

    @Test
    void whatAProxyPassesOnIsNotLocal() throws Exception {
        startReady(new AdminOptions("127.0.0.1", 0, 0, null));

        assertThat(get(adminPort(), "/config", "X-Forwarded-For: 192.0.2.1"))
                .startsWith("HTTP/1.1 403 ")
                .contains("this page is only available from 127.0.0.1, for example by kubectl port-forward");
    }

    @Test
    void theTokenOpensDetailsToOtherMachines() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        startReady(new AdminOptions("127.0.0.1", 0, null, file));

        assertThat(status(getFrom("127.0.0.5", adminPort(), "/config", "Authorization: Bearer " + TOKEN)))
                .isEqualTo(200);
        assertThat(status(getFrom("127.0.0.5", adminPort(), "/config", "authorization: bearer " + TOKEN)))
                .isEqualTo(200);
        assertThat(status(getFrom("127.0.0.1", adminPort(), "/config"))).isEqualTo(200);
        assertThat(getFrom("127.0.0.5", adminPort(), "/config"))
                .startsWith("HTTP/1.1 401 ")
                .contains("Bearer");
        for (String wrong : List.of("Bearer " + TOKEN + "0", "Bearer ", "Basic " + TOKEN, TOKEN)) {
            assertThat(status(getFrom("127.0.0.5", adminPort(), "/config", "Authorization: " + wrong)))
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"event loop 0", "the control thread", "the admin port"})
    void aThreadThatHangsFailsTheLivenessAndNotTheReadiness(String name) throws Exception {
        startReady(new AdminOptions("127.0.0.1", 0, 0, null));
        assertThat(status(get(probePort(), "/livez"))).isEqualTo(200);
        Executor hanging =
                switch (name) {
                    case "event loop 0" -> loops().next();
                    case "the control thread" -> running().control().thread();
                    default -> running().adminLoop();
                };

        hanging.execute(this::hang);

        await().until(() -> status(get(probePort(), "/livez")) == 503);
        assertThat(get(probePort(), "/livez")).contains(name + " has not run a task for more than ");
        assertThat(status(get(probePort(), "/readyz"))).isEqualTo(200);
        blocked.countDown();
        await().until(() -> status(get(probePort(), "/livez")) == 200);
    }

    private Iterator<EventExecutor> loops() {
        return running().loops().iterator();
    }

    private void hang() {
        try {
            blocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
