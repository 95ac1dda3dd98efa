// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.logging.StandardStreams;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminPortTest {

    private final AtomicReference<Optional<String>> problem =
            new AtomicReference<>(Optional.of("the watches are not synced yet"));
    private final Metrics metrics = new Metrics(StandardStreams.to(OutputStream.nullOutputStream()));
    private AdminPort server;

    @BeforeEach
    void open() throws Exception {
        server = AdminPort.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), problem::get, metrics);
    }

    @AfterEach
    void close() {
        server.close();
        metrics.close();
    }

    @Test
    void itIsLiveBeforeItIsReadyAndReportsWhatItWaitsFor() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("the watches are not synced yet\n");

        problem.set(Optional.empty());

        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreInPrometheusFormat() throws Exception {
        HttpResponse<String> response = get("/metrics");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(response.body()).contains("# TYPE jvm_memory_used_bytes gauge");
    }

    @Test
    void livenessFailsWhileAllThreadsOfThePoolHang() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        CountDownLatch hang = new CountDownLatch(1);
        try {
            server.watch(pool, Duration.ofSeconds(1));
            pool.submit(() -> hang.await(1, TimeUnit.MINUTES));

            await().until(() -> get("/livez").statusCode() == 503);
            assertThat(get("/livez").body())
                    .isEqualTo("the reconciler thread pool has not run a task for more than 1 s\n");

            hang.countDown();
            await().until(() -> get("/livez").statusCode() == 200);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void probesAreAnsweredWhileMoreConnectionsThanSlotsAreHeld() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 1200; i++) {
                Socket socket = new Socket();
                held.add(socket);
                socket.connect(server.address());
                socket.getOutputStream().write('G');
            }

            for (int i = 0; i < 21; i++) {
                assertThat(get("/livez").statusCode()).isEqualTo(200);
                assertThat(get("/readyz").statusCode()).isEqualTo(503);
            }
            assertThat(get("/metrics").body())
                    .contains("wsroute_operator_admin_connections_dropped_total{reason=\"crowded_out\"}");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void aPortInUseIsReportedInASentence() {
        assertThatThrownBy(() -> AdminPort.open(server.address(), problem::get, metrics))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The admin port cannot listen on 127.0.0.1:"
                        + server.address().getPort());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + server.address().getPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
