// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The programs in C, compiled from {@code e2e/bench}.
 *
 * @param relay relays TCP and parses nothing: {@code relay LISTENPORT BACKENDPORT}
 * @param load acts as clients and backends, and measures
 * @param certificates makes certificates: {@code certificates FOLDER COUNT}
 * @param authorizer the service that proxies ask: {@code authorizer PORT PREFIX}
 */
record NativePrograms(Path relay, Path load, Path certificates, Path authorizer) {

    private static final List<String> OPENSSL = List.of("-lssl", "-lcrypto");

    /**
     * Compiles them into a folder.
     *
     * @throws IllegalStateException with the compiler's output
     */
    static NativePrograms compile(Path sources, Path into) throws IOException, InterruptedException {
        List<Path> loadSources;
        try (Stream<Path> files = Files.list(sources.resolve("load"))) {
            loadSources = files.filter(file -> file.toString().endsWith(".c"))
                    .sorted()
                    .toList();
        }
        return new NativePrograms(
                compile(List.of(sources.resolve("relay.c")), into.resolve("relay")),
                compile(loadSources, into.resolve("load")),
                compile(List.of(sources.resolve("certificates.c")), into.resolve("certificates")),
                compile(List.of(sources.resolve("authorizer.c")), into.resolve("authorizer")));
    }

    private static Path compile(List<Path> sources, Path program) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString()));
        sources.forEach(source -> command.add(source.toString()));
        command.addAll(OPENSSL);
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
        if (compiler.waitFor() != 0) {
            throw new IllegalStateException("cc cannot compile " + program.getFileName() + ": " + said.trim());
        }
        return program;
    }
}
