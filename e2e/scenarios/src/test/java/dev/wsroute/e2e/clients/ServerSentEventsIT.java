// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of Server-Sent Events, which does not upgrade and must not be buffered. */
class ServerSentEventsIT {

    @TempDir
    private Path folder;

    @Test
    void anEventArrivesBeforeTheNextOneIsSent() throws Exception {
        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder)) {
            HttpRequest request = HttpRequest.newBuilder(proxy.http("/events")).build();

            HttpResponse<InputStream> response = HttpClient.newHttpClient()
                    .sendAsync(request, BodyHandlers.ofInputStream())
                    .get(10, TimeUnit.SECONDS);

            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
            BufferedReader events = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            for (int i = 1; i <= 3; i++) {
                backend.sendEvent("tick " + i);
                assertThat(next(events)).isEqualTo("data: tick " + i);
                assertThat(next(events)).isEmpty();
            }
            response.body().close();
        }
    }

    private static String next(BufferedReader events) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return events.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(10, TimeUnit.SECONDS);
    }
}
