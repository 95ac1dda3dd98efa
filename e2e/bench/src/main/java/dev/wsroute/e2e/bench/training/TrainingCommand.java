// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.training;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that {@code deploy/images/build} runs to train the AOT cache of the proxy's image. */
@Command(
        name = "training",
        description =
                "Puts a proxy on 127.0.0.1, with an echo server behind it, under load like that of its first seconds.",
        mixinStandardHelpOptions = true)
public final class TrainingCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65535;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PORT", description = "The proxy's port.")
    private int port;

    @Parameters(index = "1", paramLabel = "SECONDS", description = "For how long.")
    private long seconds;

    @Override
    public Integer call() throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        if (port < 1 || port > MAX_PORT) {
            throw new ParameterException(line, "PORT must be between 1 and 65535, got " + port);
        }
        if (seconds < 1) {
            throw new ParameterException(line, "SECONDS must be at least 1, got " + seconds);
        }
        PrintWriter out = line.getOut();
        try (TrainingLoad load = new TrainingLoad(port)) {
            TrainingLoad.Done done = load.run(Duration.ofSeconds(seconds));
            out.println("trained for " + seconds + " s with " + done.webSockets() + " WebSockets and "
                    + done.plainRequests() + " plain requests");
            out.flush();
        }
        return 0;
    }
}
