// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.io.PrintWriter;
import picocli.CommandLine;

/** How the developers' programs report errors: in one sentence, with usage and exit code 2 if a flag was wrong. */
public final class Program {

    private static final int FAILED = 1;

    private Program() {}

    /** @param launcher a class with {@link CommandLine.Command} */
    public static CommandLine of(Object launcher) {
        CommandLine program = new CommandLine(launcher);
        program.setParameterExceptionHandler((failure, arguments) -> {
            PrintWriter err = failure.getCommandLine().getErr();
            err.println(failure.getMessage());
            failure.getCommandLine().usage(err);
            err.flush();
            return CommandLine.ExitCode.USAGE;
        });
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage();
            command.getErr().println(message == null ? failure.toString() : message);
            command.getErr().flush();
            return FAILED;
        });
        return program;
    }
}
