// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All targets in one, for short runs: a process of Jazzer for each of them would spend its time on starting. The first byte of an
 * input selects the target.
 */
public final class AllTargets {

    private static final Target[] TARGETS = Target.values();

    private AllTargets() {}

    /** Entry point of Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length > 0) {
            selected(data).input.take(Arrays.copyOfRange(data, 1, data.length));
        }
    }

    private static Target selected(byte[] data) {
        return TARGETS[Byte.toUnsignedInt(data[0]) % TARGETS.length];
    }

    /** Writes the committed inputs of all targets to {@code folder}. */
    static void writeSeeds(Path folder) throws IOException {
        for (Target target : TARGETS) {
            for (Map.Entry<String, byte[]> seed : Seeds.of(target).entrySet()) {
                byte[] bytes = seed.getValue();
                byte[] selecting = new byte[bytes.length + 1];
                selecting[0] = (byte) target.ordinal();
                System.arraycopy(bytes, 0, selecting, 1, bytes.length);
                Files.write(folder.resolve(target + "-" + seed.getKey()), selecting);
            }
        }
    }

    /** Moves what Jazzer found in {@code folder} to the folders of the targets beside it, as inputs of those. */
    static void sort(Path folder) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(folder)) {
            found = files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom)-.*"))
                    .toList();
        }
        for (Path file : found) {
            byte[] data = Files.readAllBytes(file);
            if (data.length > 0) {
                Path target = Files.createDirectories(
                        folder.resolveSibling(selected(data).toString()));
                Files.write(target.resolve(file.getFileName()), Arrays.copyOfRange(data, 1, data.length));
                Files.delete(file);
            }
        }
    }
}
