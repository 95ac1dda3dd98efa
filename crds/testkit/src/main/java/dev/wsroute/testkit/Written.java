// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * What programs under test wrote or show: their logs, pages and objects of the API. It is collected in {@code target/written} of
 * each module, where the last step of the build looks for {@link Secrets}.
 */
public final class Written {

    public static final Path FOLDER = Path.of("target/written");

    private Written() {}

    /**
     * Adds text.
     *
     * @param kind what it is, such as {@code pages}; the beginning of the file's name
     */
    public static void add(String kind, String text) {
        try (OutputStream file = to(kind)) {
            file.write((text + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file to which a program may write by itself. All that this process writes of one kind is in one file. */
    public static Path file(String kind) {
        try {
            Files.createDirectories(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FOLDER.resolve(kind + "-" + ProcessHandle.current().pid() + ".txt");
    }

    /** Appends to {@link #file}. */
    public static OutputStream to(String kind) {
        try {
            return Files.newOutputStream(file(kind), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a file, or all files below a folder. */
    public static void copy(String kind, Path source) {
        try (OutputStream out = to(kind);
                Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.write(("== " + source.relativize(file) + "\n").getBytes(UTF_8));
                Files.copy(file, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
