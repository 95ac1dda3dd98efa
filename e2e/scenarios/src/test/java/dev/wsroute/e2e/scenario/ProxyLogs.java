// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * The ends of WebSockets in the access logs of proxies, including proxies that end meanwhile. A client under load reads late;
 * the proxies know when they sent Close.
 */
final class ProxyLogs implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<LogWatch> watches = new ArrayList<>();
    private final List<LoggedClose> closes = new CopyOnWriteArrayList<>();

    ProxyLogs(Space space, List<Pod> proxies) {
        for (Pod proxy : proxies) {
            String name = proxy.getMetadata().getName();
            LogWatch watch = space.client()
                    .pods()
                    .inNamespace(space.namespace())
                    .withName(name)
                    .watchLog();
            watches.add(watch);
            Thread reader = new Thread(() -> read(name, watch), "log of " + name);
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** Waits for {@code count} ends of this kind, and returns them all. */
    List<LoggedClose> await(int count, Predicate<LoggedClose> kind) {
        return Awaitility.await(count + " ends in the proxies' logs")
                .until(() -> closes.stream().filter(kind).toList(), found -> found.size() >= count);
    }

    /** All ends so far. */
    List<LoggedClose> all() {
        return List.copyOf(closes);
    }

    private void read(String proxy, LogWatch watch) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(watch.getOutput(), UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith("{\"log\":\"access\"") && line.contains("\"event\":\"close\"")) {
                    closes.add(LoggedClose.of(proxy, parse(line)));
                }
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        watches.forEach(LogWatch::close);
    }
}
