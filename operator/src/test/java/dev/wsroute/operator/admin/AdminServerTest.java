package dev.wsroute.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.logging.StandardStreams;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {

    private final AtomicReference<Optional<String>> obstacle =
            new AtomicReference<>(Optional.of("the watches are not synced yet"));
    private final Metrics metrics = new Metrics(StandardStreams.to(OutputStream.nullOutputStream()));
    private AdminServer server;

    @BeforeEach
    void open() throws Exception {
        server = AdminServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), obstacle::get, metrics);
    }

    @AfterEach
    void close() {
        server.close();
        metrics.close();
    }

    @Test
    void itLivesBeforeItIsReadyAndSaysWhatItWaitsFor() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("the watches are not synced yet\n");

        obstacle.set(Optional.empty());

        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreInPrometheusForm() throws Exception {
        HttpResponse<String> response = get("/metrics");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(response.body()).contains("# TYPE jvm_memory_used_bytes gauge");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
