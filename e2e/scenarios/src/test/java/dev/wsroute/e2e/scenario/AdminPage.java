// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What a proxy shows to those on its machine, where the pods of the embedded cluster are reachable. */
final class AdminPage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AdminPage() {}

    /** The open WebSockets of a subject. */
    static JsonNode connections(Pod proxy, String subject) {
        URI page = URI.create("http://" + proxy.getStatus().getPodIP() + ":9901/connections?subject=" + subject);
        try {
            return JSON.readTree(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                            .body())
                    .path("connections");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a proxy was asked", e);
        }
    }
}
