// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import ch.qos.logback.classic.Level;
import dev.wsroute.logging.Printable;
import dev.wsroute.logging.ProgramLog;
import dev.wsroute.logging.StandardStreams;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The main class: parses the flags and runs a {@link ProxyProcess} until a signal arrives. */
@Command(
        name = "wsroute-proxy",
        description = "A WebSocket reverse proxy that never drops a connection because of an unrelated change.",
        mixinStandardHelpOptions = true,
        versionProvider = ProxyVersion.class,
        sortOptions = false)
public final class WsrouteProxy implements Callable<Integer> {

    /** Exit code for errors that the user can fix, such as a file or a port. Bad flags exit with picocli's 2. */
    private static final int FAILED = 1;

    private final Map<String, String> environment;
    private final StandardStreams streams;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ProxyFlags flags = new ProxyFlags();

    WsrouteProxy(Map<String, String> environment, StandardStreams streams) {
        this.environment = environment;
        this.streams = streams;
    }

    public static void main(String[] arguments) {
        // Netty would sample one of 128 buffers for leaks. Only tests need that.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        // For the JDK's TLS engine. BoringSSL never renegotiates.
        System.getProperties().putIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        StandardStreams streams = StandardStreams.takeOver();
        int code = commandLine(System.getenv(), streams).execute(arguments);
        streams.close();
        if (code != 0) {
            System.exit(code);
        }
    }

    static CommandLine commandLine(Map<String, String> environment, StandardStreams streams) {
        CommandLine line = new CommandLine(new WsrouteProxy(environment, streams));
        line.setParameterExceptionHandler((e, arguments) -> {
            print(e.getCommandLine().getErr(), e.getMessage() + "; see --help");
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    private static void print(PrintWriter err, String sentence) {
        err.println("wsroute-proxy: " + Printable.of(sentence));
        err.flush();
    }

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter err = command.commandLine().getErr();
        // Before the flags are evaluated: until it is configured, logback prints debug messages of libraries.
        log(Level.WARN);
        try {
            if (flags.isCheck()) {
                return check(command.commandLine().getOut(), err) ? 0 : FAILED;
            }
            ProxyOptions options = flags.options(environment);
            log(options.logLevel());
            return run(ProxyProcess.start(options, streams));
        } catch (ProxyStartException e) {
            print(err, String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    /** @param level level of wsroute's loggers; libraries log from WARN, or from this level if it is higher */
    private void log(Level level) {
        Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        ProgramLog.configure(flags.logFormat(), level, libraries, event -> "", streams);
    }

    /** Runs until a signal ends the process with code 0, or until the first configuration fails to apply. */
    private int run(ProxyProcess process) throws ProxyStartException {
        Thread stop = new Thread(
                () -> {
                    process.drainAndClose();
                    streams.halt(0);
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(stop);
        CompletableFuture<String> ended = new CompletableFuture<>();
        process.failure().thenAccept(reason -> {
            if (reason != null) {
                ended.complete(reason);
            }
        });
        String reason = ended.join();
        if (!removed(stop)) {
            // A signal arrived first: the hook ends the process.
            new CompletableFuture<Void>().join();
        }
        process.close();
        throw new ProxyStartException(reason);
    }

    private boolean check(PrintWriter out, PrintWriter err) throws ProxyStartException {
        ConfigCheck check =
                new ConfigCheck(flags.configToCheck(), flags.memory().connections(), flags.reports());
        return check.run(out, err);
    }

    private static boolean removed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
