// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import dev.wsroute.e2e.dev.Repository;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Finds the client programs that tests run. If one is not installed, its test is skipped, or fails if the environment has
 * {@code CI=true}.
 */
final class InstalledPrograms {

    private static final boolean CI = "true".equals(System.getenv("CI"));

    private InstalledPrograms() {}

    /** The first of {@code names} that is on the PATH. */
    static Path onPath(String... names) {
        for (String name : names) {
            Optional<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw missing(String.join(" or ", names) + " is not installed");
    }

    /** A script in {@code e2e/scenarios/clients}, where {@code npm ci} has installed its packages. */
    static Path nodeScript(String name) {
        return nodeModules().resolveSibling(name);
    }

    /** The packages that {@code npm ci} has installed for the scripts in {@code e2e/scenarios/clients}. */
    static Path nodeModules() {
        Path clients = Repository.locate().get("e2e/scenarios/clients");
        if (!Files.isDirectory(clients.resolve("node_modules"))) {
            throw missing("the Node clients are not installed (npm ci in " + clients + ")");
        }
        return clients.resolve("node_modules");
    }

    /** Distributions install the package for their own interpreter, which may not be the first on the PATH. */
    static String pythonWithWebsockets() throws Exception {
        List<Path> interpreters = Stream.of(Path.of("/usr/bin/python3"), onPath("python3"))
                .filter(Files::isExecutable)
                .toList();
        for (Path interpreter : interpreters) {
            try (StartedProgram probe = StartedProgram.start(interpreter.toString(), "-c", "import websockets")) {
                if (probe.exitStatus(Duration.ofSeconds(20)) == 0) {
                    return interpreter.toString();
                }
            }
        }
        throw missing("Python's websockets package is not installed (apt install python3-websockets)");
    }

    /** The exception for a missing client: a skip, or a failure if all clients must be installed. */
    static RuntimeException missing(String what) {
        if (CI) {
            throw new AssertionError(what + ", and with CI=true no client may be missing");
        }
        return new TestAbortedException(what + ": skipped");
    }
}
