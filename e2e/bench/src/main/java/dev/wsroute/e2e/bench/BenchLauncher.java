// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.bench.control.BenchControlCommand;
import dev.wsroute.e2e.bench.training.TrainingCommand;
import dev.wsroute.e2e.dev.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks: {@code java -jar e2e/bench/target/wsroute-bench.jar proxies|control|training}. */
@Command(
        name = "wsroute-bench",
        description = "Puts load on wsroute and measures it.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchCommand.class, BenchControlCommand.class, TrainingCommand.class})
public final class BenchLauncher {

    private BenchLauncher() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Program.of(new BenchLauncher());
    }
}
