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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream of Server-Sent Events, which does not upgrade and must not be buffered. */
class ServerSentEventsIT extends BothSchemesFixture {

    @ParameterizedTest
    @EnumSource
    void anEventArrivesBeforeTheNextOneIsSent(Scheme scheme) throws Exception {
        String path = "/events/" + scheme;
        HttpRequest request = HttpRequest.newBuilder(proxy.http(scheme, path)).build();

        HttpResponse<InputStream> response = HttpClient.newBuilder()
                .sslContext(authority.client())
                .build()
                .sendAsync(request, BodyHandlers.ofInputStream())
                .get(1, TimeUnit.MINUTES);

        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        BufferedReader events = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        for (int i = 1; i <= 3; i++) {
            backend.sendEvent(path, "tick " + i);
            assertThat(next(events)).isEqualTo("data: tick " + i);
            assertThat(next(events)).isEmpty();
        }
        response.body().close();
    }

    private static String next(BufferedReader events) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return events.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(1, TimeUnit.MINUTES);
    }
}
