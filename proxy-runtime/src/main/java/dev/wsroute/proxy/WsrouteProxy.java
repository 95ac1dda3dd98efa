package dev.wsroute.proxy;

import ch.qos.logback.classic.Level;
import dev.wsroute.config.Durations;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.logging.Printable;
import dev.wsroute.logging.ProgramLog;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.config.ConfigFile;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.config.ConnectionRoom;
import dev.wsroute.proxy.config.PinnedListeners;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.memory.MemorySizes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program: reads its flags, then runs a {@link ProxyProcess} until it is told to stop. */
@Command(
        name = "wsroute-proxy",
        description = "A WebSocket reverse proxy that never drops a connection which a change does not concern.",
        mixinStandardHelpOptions = true,
        versionProvider = WsrouteProxy.Version.class,
        sortOptions = false)
public final class WsrouteProxy implements Callable<Integer> {

    /** Exit code for what the user can mend: a file, a port. Bad flags have picocli's 2. */
    private static final int FAILED = 1;

    private final Map<String, String> environment;
    private final StandardStreams streams;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or JSON; followed while it changes.")
    private @Nullable Path config;

    @Option(
            names = "--config-map",
            paramLabel = "NAMESPACE/NAME",
            description = "ConfigMap with the configuration; watched through the Kubernetes API.")
    private @Nullable String configMap;

    @Option(
            names = "--report-config-map",
            paramLabel = "NAMESPACE/NAME",
            description = "ConfigMap that this proxy reports to, under the name in POD_NAME.")
    private @Nullable String reportConfigMap;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Keeps the last good configuration and endpoints, for a restart without the Kubernetes API.")
    private @Nullable Path stateDir;

    @Option(
            names = "--allow-loopback-endpoints",
            description = "Connects to endpoints at loopback addresses that EndpointSlices hold: for a development"
                    + " cluster whose pods are processes of one machine.")
    private boolean loopbackEndpoints;

    @Option(
            names = "--listen",
            paramLabel = "NAME=PORT",
            description =
                    "Opens the listener of that name on that port; once a listener. Where it is given, these are the"
                            + " only listeners, and the configuration's ports do not count.")
    private List<String> listen = List.of();

    @Option(
            names = "--shutdown-within",
            paramLabel = "DURATION",
            description = "All the time that a shutdown may take, whatever the configuration says; such as 80s."
                    + " Default: as the configuration says.")
    private @Nullable String shutdownWithin;

    @Option(
            names = "--memory",
            paramLabel = "BUDGET=SIZE",
            description =
                    "Size of a memory budget, such as buffers=96Mi: buffers (bytes that wait for slow readers), heads"
                            + " (unfinished heads) or requests (records of requests). Repeatable. Default: derived from the heap"
                            + " and the direct memory of the process.")
    private List<String> memory = List.of();

    @Option(
            names = "--bind-address",
            paramLabel = "IP",
            description = "Address of listeners that name none. Default: POD_IP, else 0.0.0.0.")
    private @Nullable String bindAddress;

    @Mixin
    private AdminFlags admin = new AdminFlags();

    @Option(
            names = "--io",
            paramLabel = "auto|epoll|nio",
            defaultValue = "auto",
            description = "How sockets are driven. Default: ${DEFAULT-VALUE}.")
    private String io = "auto";

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    private LogFormat logFormat = LogFormat.text;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "INFO",
            description = "ERROR, WARN, INFO, DEBUG or TRACE. Default: ${DEFAULT-VALUE}.")
    private String logLevel = "INFO";

    @Option(names = "--check", description = "Validates the file of --config and exits.")
    private boolean check;

    WsrouteProxy(Map<String, String> environment, StandardStreams streams) {
        this.environment = environment;
        this.streams = streams;
    }

    public static void main(String[] arguments) {
        // Netty would look for buffers that were forgotten among one of every 128: that is for tests.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
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
            print(e.getCommandLine().getErr(), e.getMessage() + "; --help lists the flags");
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
        // Before the flags are read: until it is configured, logback prints all that libraries tell.
        log(Level.WARN);
        try {
            if (check) {
                return check(command.commandLine().getOut(), err);
            }
            ProxyOptions options = options();
            log(options.logLevel());
            return run(ProxyProcess.start(options, streams));
        } catch (StartupException e) {
            print(err, String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    /** @param level of wsroute's own loggers; libraries log from WARN on, or from the level when that is higher */
    private void log(Level level) {
        Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        ProgramLog.configure(logFormat, level, libraries, event -> "", streams);
    }

    /** Runs until a signal ends the process with code 0, or the first configuration cannot be applied. */
    private int run(ProxyProcess process) throws StartupException {
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
            // The signal came first: the hook ends the process.
            new CompletableFuture<Void>().join();
        }
        process.close();
        throw new StartupException(reason);
    }

    private static boolean removed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private int check(PrintWriter out, PrintWriter err) throws StartupException {
        if (config == null) {
            throw usage("--check needs --config FILE");
        }
        try {
            ConfigText text = ConfigFile.read(config);
            ProxyConfig parsed = new ProxyConfigParser()
                    .parse(text.text(), text.format(), true)
                    .config();
            String tooMany = ConnectionRoom.fault(parsed, memory().connections());
            if (tooMany != null) {
                err.println(config + ": " + tooMany);
                err.flush();
                return FAILED;
            }
            out.println("OK: " + config + " has " + parsed.listeners().size() + " listener(s) and "
                    + parsed.routes().size() + " route(s)");
            out.flush();
            return 0;
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> err.println(config + ": " + Printable.of(problem)));
            err.flush();
            return FAILED;
        } catch (IOException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private ProxyOptions options() throws StartupException {
        if ((config == null) == (configMap == null)) {
            throw usage("exactly one of --config FILE and --config-map NAMESPACE/NAME is needed");
        }
        Level level = Level.toLevel(logLevel, null);
        if (level == null) {
            throw usage("--log-level must be ERROR, WARN, INFO, DEBUG or TRACE, got '" + logLevel + "'");
        }
        String podName = environment.get("POD_NAME");
        if (reportConfigMap != null && podName == null) {
            throw usage("--report-config-map needs the pod's name in the environment variable POD_NAME");
        }
        return new ProxyOptions(
                config,
                configMap == null ? null : ObjectName.parse("--config-map", configMap),
                reportConfigMap == null ? null : ObjectName.parse("--report-config-map", reportConfigMap),
                stateDir,
                podName,
                loopbackEndpoints,
                listen(),
                shutdownWithin(),
                bindAddress != null ? bindAddress : environment.getOrDefault("POD_IP", "0.0.0.0"),
                admin.options(environment),
                io,
                logFormat,
                level,
                memory());
    }

    private MemoryPlan memory() {
        try {
            MemoryPlan plan = MemoryPlan.ofProcess();
            for (String size : memory) {
                plan = MemorySizes.apply(plan, size);
            }
            return plan;
        } catch (IllegalArgumentException e) {
            throw usage("--memory " + e.getMessage());
        }
    }

    private Map<String, Integer> listen() {
        try {
            return PinnedListeners.parse(listen);
        } catch (IllegalArgumentException e) {
            throw usage("--listen " + e.getMessage());
        }
    }

    private @Nullable Duration shutdownWithin() {
        try {
            return shutdownWithin == null ? null : Durations.parse(shutdownWithin);
        } catch (IllegalArgumentException e) {
            throw usage("--shutdown-within: " + e.getMessage());
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {

        static String text() {
            String version = WsrouteProxy.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }

        @Override
        public String[] getVersion() {
            return new String[] {"wsroute-proxy " + text() + " (Java " + Runtime.version() + ")"};
        }
    }
}
