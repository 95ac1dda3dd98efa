// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A folder of {@code in-*} files and of the expected {@code out-*} files. A file that no test reads is an error. With {@code
 * -Dgolden.write=true} the outputs are overwritten, so that a diff shows the changes.
 */
public final class GoldenFolder {

    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final boolean WRITE = Boolean.getBoolean("golden.write");

    private final Path folder;
    private final Set<String> used = new HashSet<>();

    private GoldenFolder(Path folder) {
        this.folder = folder;
    }

    /** One test for each folder of {@code suite}. */
    public static Stream<DynamicTest> tests(String suite, Consumer<GoldenFolder> test) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(ROOT.resolve(suite))) {
            folders = all.sorted().toList();
        }
        assertThat(folders).isNotEmpty();
        return folders.stream()
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                    GoldenFolder golden = new GoldenFolder(path);
                    test.accept(golden);
                    golden.nothingIsLeft();
                }));
    }

    /** The object in {@code file}. */
    public <T> T in(String file, Class<T> type) {
        return Serialization.unmarshal(text(file), type);
    }

    /** The objects in all files whose names begin with {@code prefix}. */
    public <T> List<T> all(String prefix, Class<T> type) {
        return files().stream()
                .filter(file -> file.startsWith(prefix))
                .map(file -> in(file, type))
                .toList();
    }

    /** Compares {@code text} with the file; empty text and no file are equal. */
    public void out(String file, String text) {
        used.add(file);
        Path path = folder.resolve(file);
        try {
            if (WRITE) {
                Files.deleteIfExists(path);
                if (!text.isEmpty()) {
                    Files.writeString(path, text);
                }
            }
            assertThat(text).as(file).isEqualTo(Files.exists(path) ? Files.readString(path) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text in {@code file}. */
    public String text(String file) {
        used.add(file);
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void nothingIsLeft() {
        if (WRITE) {
            files().stream()
                    .filter(file -> file.startsWith("out-") && !used.contains(file))
                    .forEach(this::delete);
        }
        assertThat(files()).as("files that the test did not use").allMatch(used::contains);
    }

    private void delete(String file) {
        try {
            Files.delete(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
