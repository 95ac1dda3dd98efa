// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What checks of access need: a key and tokens, a file of passwords, a service that is asked, and the headers that clients send. */
final class AccessWork implements AutoCloseable {

    /** Of the page that may connect. */
    static final String ORIGIN = "https://app.example.com";

    /** Who connects with a password. */
    static final String USER = "bench";

    /** bcrypt of {@link #PASSWORD} with a cost of 5, the default of {@code htpasswd -B}. */
    static final String PASSWORD_HASH = "$2y$05$ue6PbtgqcjDpYfb8t1QGCe8yKnwsLKKBKJK25rdOVMh7nE48zXcw6";

    private static final String PASSWORD = "only-for-the-bench";

    /** So many that a proxy that remembers tokens knows none of them when it comes again. */
    private static final int DIFFERENT_TOKENS = 20_000;

    /** What the service lets pass begins so. */
    private static final String PASSES = "let-me-in-";

    /** Requests that are equal and under way at the same time may share an answer, so they differ. */
    private static final int DIFFERENT_REQUESTS = 1_000;

    private final Processes processes;
    private final Process service;
    private final int servicePort = RunningProxy.freePort();
    private final Path publicKey;
    private final Path passwords;
    private final Map<LoadScenario, Path> headers = new EnumMap<>(LoadScenario.class);

    /**
     * Prepares it for these checks, and starts the service.
     *
     * @param core of the service
     */
    AccessWork(Path folder, Processes processes, int core, Path authorizer, List<LoadScenario> checks)
            throws IOException {
        this.processes = processes;
        Path own = Files.createDirectory(folder.resolve("access"));
        Tokens tokens = new Tokens();
        publicKey = Files.writeString(own.resolve("key.pem"), tokens.pem());
        passwords = Files.writeString(own.resolve("passwords"), USER + ":" + PASSWORD_HASH + "\n");
        for (LoadScenario check : checks) {
            List<String> lines = lines(check, tokens);
            if (!lines.isEmpty()) {
                headers.put(check, Files.write(own.resolve(check.label()), lines));
            }
        }
        service = processes.start(
                core,
                List.of(authorizer.toString(), Integer.toString(servicePort), PASSES),
                Map.of(),
                own.resolve("service"));
    }

    private static List<String> lines(LoadScenario check, Tokens tokens) {
        return switch (check) {
            case ACCESS_ORIGIN -> List.of("Origin: " + ORIGIN);
            case ACCESS_TOKEN -> bearer(tokens.mint(1));
            case ACCESS_TOKENS -> bearer(tokens.mint(DIFFERENT_TOKENS));
            case ACCESS_EXTERNAL ->
                bearer(IntStream.range(0, DIFFERENT_REQUESTS)
                        .mapToObj(number -> PASSES + number)
                        .toList());
            case ACCESS_PASSWORD -> List.of("Authorization: Basic " + base64(USER + ":" + PASSWORD));
            default -> List.of();
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
    }

    private static List<String> bearer(List<String> tokens) {
        return tokens.stream().map(token -> "Authorization: Bearer " + token).toList();
    }

    /** Path of the public key that verifies the tokens, in PEM. */
    Path publicKey() {
        return publicKey;
    }

    /** Path of the file of passwords, as {@code htpasswd} writes it. */
    Path passwords() {
        return passwords;
    }

    /** Port of 127.0.0.1 of the service that is asked. */
    int servicePort() {
        return servicePort;
    }

    /** The load generator's flags for a check, besides those of its scenario. */
    List<String> flags(LoadScenario check) {
        Path file = headers.get(check);
        return file == null ? List.of() : List.of("--headers", file.toString());
    }

    @Override
    public void close() {
        processes.end(service);
    }
}
