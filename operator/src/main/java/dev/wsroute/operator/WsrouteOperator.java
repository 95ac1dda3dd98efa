// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import ch.qos.logback.classic.Level;
import dev.wsroute.logging.Printable;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.operator.admin.Logging;
import dev.wsroute.operator.migrate.MigrateCommand;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The main class: parses the flags, then runs an {@link OperatorProcess} until it is asked to stop. */
@Command(
        name = "wsroute-operator",
        description = "Turns WebSocketRoutes into running WebSocket proxies.",
        footer = {"", "Each flag can also be set by an environment variable: --proxy-image is WSROUTE_PROXY_IMAGE."},
        mixinStandardHelpOptions = true,
        subcommands = MigrateCommand.class,
        versionProvider = WsrouteOperator.Version.class,
        sortOptions = false)
public final class WsrouteOperator implements Callable<Integer> {

    /** Exit code for errors in the environment, which the user can fix. Bad flags exit with picocli's 2. */
    private static final int FAILED = 1;

    private final Map<String, String> environment;
    private final StandardStreams streams;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final OperatorOptions options = new OperatorOptions();

    private WsrouteOperator(Map<String, String> environment, StandardStreams streams) {
        this.environment = environment;
        this.streams = streams;
    }

    public static void main(String[] arguments) {
        // What migrate prints must be complete; a log may have gaps.
        boolean migrates = arguments.length > 0 && arguments[0].equals(MigrateCommand.NAME);
        StandardStreams streams = migrates ? StandardStreams.to(System.out) : StandardStreams.takeOver();
        int code = commandLine(System.getenv(), streams).execute(arguments);
        streams.close();
        System.exit(code);
    }

    static CommandLine commandLine(Map<String, String> environment, StandardStreams streams) {
        CommandLine line = new CommandLine(new WsrouteOperator(environment, streams));
        line.setDefaultValueProvider(new OperatorOptions.FromEnvironment(environment));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, arguments) -> {
            print(e.getCommandLine().getErr(), e.getMessage() + "; --help lists the flags");
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        options.check(Objects.requireNonNull(spec).commandLine());
        Logging.configure(options.logFormat(), Level.valueOf(options.logLevel().name()), streams);
        try {
            if (options.checkOnly()) {
                check();
            } else {
                run();
            }
        } catch (OperatorStartupException e) {
            LoggerFactory.getLogger(WsrouteOperator.class).debug("Cannot start", e);
            print(Objects.requireNonNull(spec).commandLine().getErr(), Objects.requireNonNull(e.getMessage()));
            return FAILED;
        }
        return CommandLine.ExitCode.OK;
    }

    private void check() throws OperatorStartupException {
        try (KubernetesClient client = ApiClient.of(ApiConfig.find(environment), new Interceptor() {})) {
            ApiAccess.check(client, options.namespaces());
            String own = client.getConfiguration().getNamespace();
            ApiAccess.checkLimits(client, options.namespace(environment, own), options.limitsConfigMap());
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println("wsroute-operator: the CRD is installed, and what the operator watches may be listed in "
                    + (options.namespaces().isEmpty()
                            ? "all namespaces"
                            : String.join(", ", new TreeSet<>(options.namespaces()))));
            out.flush();
        } catch (ApiUnavailableException e) {
            throw new OperatorStartupException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns once the process has been stopped. */
    private void run() throws OperatorStartupException, InterruptedException {
        OperatorProcess process = new OperatorProcess(options, environment, streams);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread onSignal = new Thread(
                () -> {
                    process.close();
                    streams.close();
                    stopped.countDown();
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        process.start();
        stopped.await();
    }

    private static void print(PrintWriter err, String sentence) {
        err.println("wsroute-operator: " + Printable.of(sentence));
        err.flush();
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = WsrouteOperator.class.getPackage().getImplementationVersion();
            return new String[] {"wsroute-operator " + Objects.requireNonNullElse(version, "development build")};
        }
    }
}
