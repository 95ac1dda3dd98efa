// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts processes in a session of their own, so that Ctrl-C in the terminal does not reach them. If the machine has
 * setpriv, the kernel kills them when the thread that started them ends, for whatever reason. So it must be called on a
 * thread that outlives the processes.
 */
final class ContainerLauncher {

    /** The variables that a container inherits from this process; it inherits no others. */
    private static final Set<String> INHERITED = Set.of("PATH", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "TMPDIR", "HOME");

    private final List<String> wrapper = new ArrayList<>();
    private final Optional<Path> kill = find("kill");
    private final boolean ownSession;

    ContainerLauncher() {
        Optional<Path> setsid = find("setsid");
        setsid.ifPresent(path -> wrapper.add(path.toString()));
        ownSession = setsid.isPresent() && kill.isPresent();
        find("setpriv").ifPresent(path -> wrapper.addAll(List.of(path.toString(), "--pdeathsig", "KILL", "--")));
    }

    /**
     * @param log the output of the process is appended to it
     * @throws IOException if there is no such program
     */
    Process launch(List<String> command, Map<String, String> environment, Path directory, Path log) throws IOException {
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(command);
        Files.createDirectories(directory);
        Files.createDirectories(log.getParent());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Kills a process and its children, as at the end of a container. */
    void killAll(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        killSession(process.pid());
    }

    /** Kills the remaining processes in the session of a process that has ended. */
    void killSession(long pid) {
        if (ownSession && ProcessHandle.of(pid).isEmpty()) {
            try {
                new ProcessBuilder(kill.orElseThrow().toString(), "-KILL", "--", "-" + pid)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new IllegalStateException("the kill program cannot be started: " + e.getMessage(), e);
            }
        }
    }

    private static Optional<Path> find(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path path = Path.of(directory, program);
            if (Files.isExecutable(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
