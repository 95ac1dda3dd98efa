// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The output of containers: one file per start, kept after the end of the pod. */
public final class LogFiles {

    private static final String SUFFIX = ".log";

    private final Path directory;

    LogFiles(Path directory) {
        this.directory = directory;
    }

    Path file(String namespace, String pod, String uid, String container, int restart) {
        return directory
                .resolve(namespace + "_" + pod + "_" + uid)
                .resolve(container)
                .resolve(restart + SUFFIX);
    }

    /**
     * The output of a container since its last start or, if {@code previous}, that of the run before.
     *
     * @return nothing if there is no such container or run
     * @throws UncheckedIOException if it cannot be read
     */
    public String read(String namespace, String pod, String container, boolean previous) {
        return newestDirectory(namespace + "_" + pod + "_").stream()
                .flatMap(directory -> list(directory.resolve(container)).stream())
                .sorted(Comparator.comparingInt(LogFiles::restart).reversed())
                .skip(previous ? 1 : 0)
                .findFirst()
                .map(LogFiles::text)
                .orElse("");
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last of all pods that had this name. */
    private Optional<Path> newestDirectory(String prefix) {
        return list(directory).stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .max(Comparator.comparingLong(path -> path.toFile().lastModified()));
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(directory)) {
            return list.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int restart(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
    }
}
