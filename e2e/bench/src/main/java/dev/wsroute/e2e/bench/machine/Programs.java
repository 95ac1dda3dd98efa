// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that are installed. */
public final class Programs {

    // Debian keeps daemons where the PATH of a plain user does not lead.
    private static final List<String> FURTHER_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

    private Programs() {}

    /** An executable of this name on the PATH or where daemons lie. */
    public static Optional<Path> find(String name) {
        Stream<String> onPath = Optional.ofNullable(System.getenv("PATH")).stream()
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)));
        return Stream.concat(onPath, FURTHER_FOLDERS.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
