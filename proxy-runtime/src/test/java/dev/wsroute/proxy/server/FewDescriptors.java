// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A proxy in its own process. The argument is the backend's port. It answers each line on standard input with its counts. */
public final class FewDescriptors {

    private FewDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        loadAll();
        RecordingMetrics metrics = new RecordingMetrics();
        Duration patience = Duration.ofMinutes(1);
        try (TestProxy proxy = TestProxy.options()
                        .to(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])))
                        .limits(RequestLimits.DEFAULT.withTimeouts(patience, patience, Duration.ofMillis(100)))
                        .metrics(metrics)
                        .start();
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println(proxy.address().getPort());
            while (questions.readLine() != null) {
                long pauses = metrics.events().stream()
                        .filter("accept paused"::equals)
                        .count();
                System.out.println(
                        "pauses=" + pauses + " blamed=" + proxy.endpoints().connectFailures());
            }
        }
    }

    /** Loading a class from a folder needs a descriptor. A packaged proxy has its jar open. */
    private static void loadAll() throws Exception {
        URI folder = TestProxy.class
                .getClassLoader()
                .getResource("dev/wsroute/proxy/WsrouteProxy.class")
                .toURI();
        Path proxy = Path.of(folder).getParent();
        Path root = proxy.getParent().getParent().getParent();
        try (Stream<Path> classes = Files.walk(proxy)) {
            for (Path each : classes.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().contains("Test")
                            && !file.toString().contains("Fuzz"))
                    .toList()) {
                load(root.relativize(each).toString());
            }
        }
    }

    private static void load(String file) throws IOException, ClassNotFoundException {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        if (!name.endsWith("package-info")) {
            Class.forName(name);
        }
    }
}
