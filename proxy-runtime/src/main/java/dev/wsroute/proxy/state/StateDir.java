// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of small files that are replaced atomically: even after a crash a reader finds the old content or the
 * new. If the directory is not writable, only the state for the next start is lost.
 */
public final class StateDir {

    private static final Logger LOG = LoggerFactory.getLogger(StateDir.class);

    private final Path directory;

    /** @throws IOException with a sentence if the directory cannot be created */
    public StateDir(Path directory) throws IOException {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException("Cannot create the state directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The content of a file; null if it does not exist or cannot be read. */
    public @Nullable String read(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            LOG.warn("Cannot read {}; continuing without it: {}", file, e.toString());
            return null;
        }
    }

    /** Replaces the content of a file. Blocks until it is on disk. */
    public void write(String name, String content) {
        write(name, content, new FileAttribute<?>[0]);
    }

    /** Replaces the content of a file that only this user can read. */
    public void writeSecret(String name, String content) {
        write(name, content, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Names of the files that begin so. */
    Set<String> names(String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            LOG.warn("Cannot list {}: {}", directory, e.toString());
            return Set.of();
        }
    }

    /** Deletes a file if it exists. */
    void delete(String name) {
        delete(directory.resolve(name));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", file, e.toString());
        }
    }

    private void write(String name, String content, FileAttribute<?>... attributes) {
        Path file = directory.resolve(name);
        Path next = directory.resolve(name + ".next");
        try {
            // Attributes apply only to new files.
            Files.deleteIfExists(next);
            try (FileChannel channel = FileChannel.open(
                    next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            LOG.warn("Cannot write {}; a restart will not find it: {}", file, e.toString());
            // Half a file takes space that the next one may need.
            delete(next);
        }
    }
}
