// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java runtime that this proxy is measured on.
 *
 * @param home its folder
 * @param version according to its file {@code release}, such as {@code 25.0.1}
 */
record JavaRuntime(Path home, String version) {

    /** The flags of the proxy's image, and the heap that it would have in a pod of 640 MB. */
    static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TrimNativeHeapInterval=5000",
            "-Dio.netty.jfr.enabled=false",
            "--enable-native-access=ALL-UNNAMED",
            "-Xms16m",
            "-Xmx256m");

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");
    private static final int IMAGES = 25;

    /** The runtime in {@code home}; by default one of version 25, as in the images, otherwise that of this program. */
    static JavaRuntime find(@Nullable Path home) throws IOException {
        if (home != null) {
            return in(home);
        }
        try (Stream<Path> folders = Files.isDirectory(INSTALLED) ? Files.list(INSTALLED) : Stream.of()) {
            Optional<JavaRuntime> fitting = folders.filter(folder -> Files.isExecutable(folder.resolve("bin/java")))
                    .filter(folder -> Files.isReadable(folder.resolve("release")))
                    .sorted(Comparator.comparing(Path::toString))
                    .map(JavaRuntime::in)
                    .filter(runtime -> runtime.feature() == IMAGES)
                    .findFirst();
            return fitting.isPresent() ? fitting.get() : in(Path.of(System.getProperty("java.home")));
        }
    }

    /** The flags that this version supports. */
    List<String> flags() {
        List<String> known = new ArrayList<>(FLAGS);
        if (feature() < IMAGES) {
            known.removeAll(List.of("-XX:+UseCompactObjectHeaders", "-XX:TrimNativeHeapInterval=5000"));
        }
        return known;
    }

    String java() {
        return home.resolve("bin/java").toString();
    }

    /** Its {@code jcmd}; empty if this is not a JDK. */
    Optional<Path> jcmd() {
        return Optional.of(home.resolve("bin/jcmd")).filter(Files::isExecutable);
    }

    private int feature() {
        return Runtime.Version.parse(version).feature();
    }

    private static JavaRuntime in(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            String version = lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(home + " does not tell its Java version"));
            return new JavaRuntime(home, version);
        } catch (IOException e) {
            throw new IllegalStateException(home + " holds no Java runtime", e);
        }
    }
}
