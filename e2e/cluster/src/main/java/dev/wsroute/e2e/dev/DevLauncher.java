// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The developer's program: {@code java -jar e2e/cluster/target/wsroute-dev.jar run|demo|client}. */
@Command(
        name = "wsroute-dev",
        description = "wsroute on one machine.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, DemoCommand.class, ClientCommand.class})
public final class DevLauncher {

    private DevLauncher() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Program.of(new DevLauncher());
    }
}
