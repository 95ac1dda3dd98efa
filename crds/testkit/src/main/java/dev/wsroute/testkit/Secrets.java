// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The secrets of tests. Each is noted in {@code target/secrets} of its module, and the last step of the build looks for them in
 * everything that programs and tests wrote ({@link Written}).
 */
public final class Secrets {

    /** What a secret has at least, so that nothing else looks like it or like a half of it. */
    public static final int LENGTH = 24;

    /** Where they are noted, one a line: the kind, a tab, the secret. */
    public static final Path FOLDER = Path.of("target/secrets");

    private Secrets() {}

    /**
     * A password, key or value of a cookie, of {@link #LENGTH} lower-case letters and digits.
     *
     * @param kind such as {@code password of alice}; the secret is always the same for it
     */
    public static String of(String kind) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(kind.getBytes(UTF_8));
            return noted(kind, HexFormat.of().formatHex(digest).substring(0, LENGTH));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A secret that something else made, such as a private key in PEM. Of several lines, each counts that is long enough.
     *
     * @param kind what it is, for the message of the test that finds it
     * @return the secret
     */
    public static String noted(String kind, String secret) {
        StringBuilder lines = new StringBuilder();
        secret.lines()
                .filter(line -> line.length() >= LENGTH && !line.startsWith("-----"))
                .forEach(line ->
                        lines.append(kind).append('\t').append(line.strip()).append('\n'));
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(
                    FOLDER.resolve(ProcessHandle.current().pid() + ".txt"),
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return secret;
    }
}
