// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Installed programs. */
public final class Programs {

    // Debian keeps daemons in folders that are not on an ordinary user's PATH.
    private static final List<String> FURTHER_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

    private Programs() {}

    /** An executable of this name on the PATH or in the folders of daemons. */
    public static Optional<Path> find(String name) {
        Stream<String> onPath = Optional.ofNullable(System.getenv("PATH")).stream()
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)));
        return Stream.concat(onPath, FURTHER_FOLDERS.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
