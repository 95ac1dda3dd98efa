package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.bench.BenchCommand;
import dev.wsroute.e2e.bench.control.BenchControlCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The developer's program: {@code java -jar e2e/target/wsroute-e2e.jar run|demo|client|bench|bench-control}. */
@Command(
        name = "wsroute-e2e",
        description = "wsroute on one machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            ClientCommand.class,
            BenchCommand.class,
            BenchControlCommand.class
        })
public final class Launcher {

    private Launcher() {}

    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new Launcher());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage();
            command.getErr().println(message == null ? failure.toString() : message);
            return 1;
        });
        System.exit(commandLine.execute(arguments));
    }
}
