// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The committed inputs: seeds and earlier findings. */
final class Seeds {

    private static final Path FOLDER = Path.of("src/test/resources/fuzz");

    private Seeds() {}

    /** By file name. */
    static Map<String, byte[]> of(Target target) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(FOLDER.resolve(target.toString()))) {
            all.sorted().forEach(files::add);
        }
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (Path file : files) {
            seeds.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return seeds;
    }

    static Path folder(Target target) {
        return FOLDER.resolve(target.toString());
    }
}
