package dev.wsroute.e2e.bench.control;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps processes to cores, with {@code taskset}. Without that program, or with one core, they run where they like. */
final class Cores {

    private static final int MEASURED = 0;
    private static final int REST = 1;

    private final int count;
    private final Optional<Path> taskset;

    private Cores(int count, Optional<Path> taskset) {
        this.count = count;
        this.taskset = taskset;
    }

    /** Counts those that this process may run on: before it is kept to one. */
    static Cores ofThisMachine() {
        int count = Runtime.getRuntime().availableProcessors();
        return new Cores(
                count,
                count < 2
                        ? Optional.empty()
                        : Optional.ofNullable(System.getenv("PATH")).stream()
                                .flatMap(path -> List.of(path.split(File.pathSeparator)).stream())
                                .map(folder -> Path.of(folder, "taskset"))
                                .filter(Files::isExecutable)
                                .findFirst());
    }

    boolean canPin() {
        return taskset.isPresent();
    }

    /** The command, with the process that it starts on one core. */
    List<String> measured(List<String> command) {
        List<String> line = new ArrayList<>();
        taskset.ifPresent(program -> line.addAll(List.of(program.toString(), "-c", Integer.toString(MEASURED))));
        line.addAll(command);
        return line;
    }

    /** Keeps this process, API server and all, off the measured core. */
    void leaveMeasuredCore() throws IOException, InterruptedException {
        pinThisProcess(Integer.toString(REST));
    }

    /** Lets this process run everywhere again. */
    void useAll() throws IOException, InterruptedException {
        pinThisProcess(MEASURED + "-" + (count - 1));
    }

    private void pinThisProcess(String cores) throws IOException, InterruptedException {
        if (taskset.isEmpty()) {
            return;
        }
        Process process = new ProcessBuilder(
                        taskset.get().toString(),
                        "-acp",
                        cores,
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("taskset cannot move this process to core " + cores);
        }
    }
}
