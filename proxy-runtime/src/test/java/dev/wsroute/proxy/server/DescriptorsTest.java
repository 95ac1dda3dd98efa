// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DescriptorsTest extends ProxyTest {

    private static final int CLIENTS = 400;

    /** The minimum pause of accepting. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private RawBackend server;
    private Process process;
    private BufferedReader answers;
    private OutputStream questions;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n 256 && exec \"$@\"",
                        "bash",
                        java(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-MaxFDLimit",
                        "-Dwsroute.test.io=" + System.getProperty("wsroute.test.io", "auto"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewDescriptors.class.getName(),
                        Integer.toString(server.address().getPort()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = process.getOutputStream();
        address = new InetSocketAddress("127.0.0.1", Integer.parseInt(answers.readLine()));
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    @AfterEach
    void stop() throws Exception {
        questions.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String asked() throws IOException {
        questions.write('\n');
        questions.flush();
        // Log lines appear between the answers.
        String line = answers.readLine();
        while (line != null && !line.startsWith("pauses=")) {
            line = answers.readLine();
        }
        return Objects.requireNonNull(line);
    }

    private long pauses() throws IOException {
        return Long.parseLong(asked().split("[= ]")[1]);
    }

    private void echo(RawPeer from, RawPeer to) throws IOException {
        byte[] frame = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'};
        from.send(frame);
        assertThat(to.read(frame.length)).isEqualTo(frame);
    }

    @Test
    void withoutDescriptorsAcceptingPausesRequestsGet503AndOpenTunnelsContinue() throws Exception {
        RawPeer client = open(RawPeer.connect(address));
        client.send(TestProxy.handshake());
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        client.readHead();
        List<RawPeer> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(open(RawPeer.connect(address)));
        }
        long begun = System.nanoTime();
        long before = pauses();
        await().until(() -> pauses() >= before + 5);
        long pauses = pauses() - before;
        long most = (System.nanoTime() - begun) / PAUSE.toNanos() + 1;
        echo(client, backend);
        clients.get(0).send(TestProxy.handshake());

        assertThat(pauses).as("accept does not spin").isLessThanOrEqualTo(most);
        assertThat(clients.get(0).readHead()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1\r\n");
        assertThat(asked()).endsWith("blamed=0");
        for (RawPeer one : clients) {
            one.close();
        }
        RawPeer late = open(RawPeer.connect(address));
        late.send(TestProxy.handshake());
        open(server.accept()).readHead();
        echo(client, backend);
    }
}
