// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import ch.qos.logback.classic.Level;
import dev.wsroute.config.Durations;
import dev.wsroute.config.IpAddresses;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.config.FixedPortListeners;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.memory.MemorySizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of the program. */
final class ProxyFlags {

    private static final Set<String> TRANSPORTS = Set.of("auto", "epoll", "nio");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or JSON. Changes are applied while running.")
    private @Nullable Path config;

    @Option(
            names = "--config-map",
            paramLabel = "NAMESPACE/NAME",
            description = "ConfigMap with the configuration. Watched through the Kubernetes API.")
    private @Nullable String configMap;

    @Option(
            names = "--report-config-map",
            paramLabel = "NAMESPACE/NAME",
            description = "ConfigMap for status reports. The key is the value of POD_NAME.")
    private @Nullable String reportConfigMap;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Directory for the last good configuration and endpoints, so that a restart does not need"
                    + " the Kubernetes API.")
    private @Nullable Path stateDir;

    @Option(
            names = "--secrets-dir",
            paramLabel = "DIR",
            description =
                    "Directory for the last good certificates and keys of Secrets, so that a restart does not need"
                            + " the Kubernetes API. It should be memory-backed. Default: none are kept.")
    private @Nullable Path secretsDir;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description =
                    "Zone of this proxy, for rules with a topology. Default: that of its pod, if the configuration"
                            + " says where the proxies' EndpointSlices are.")
    private @Nullable String zone;

    @Option(
            names = "--allow-loopback-endpoints",
            description = "Allow loopback addresses in EndpointSlices. For a development cluster whose pods are"
                    + " local processes.")
    private boolean loopbackEndpoints;

    @Option(
            names = "--listen",
            paramLabel = "NAME=PORT",
            description = "Open the listener of that name on that port. Repeatable. If given, only these listeners are"
                    + " opened, and the configuration's ports are ignored.")
    private List<String> listen = List.of();

    @Option(
            names = "--shutdown-within",
            paramLabel = "DURATION",
            description = "Maximum time of a shutdown, such as 80s; overrides the configuration. Default: that of"
                    + " the configuration.")
    private @Nullable String shutdownWithin;

    @Option(
            names = "--memory",
            paramLabel = "BUDGET=SIZE",
            description = "Size of a memory budget, such as buffers=96Mi. Budgets: buffers (bytes queued for slow"
                    + " readers, and native memory of TLS), heads (incomplete heads), requests (records of requests). Repeatable."
                    + " Default: derived from the heap and direct memory of the process.")
    private List<String> memory = List.of();

    @Option(
            names = "--bind-address",
            paramLabel = "IP",
            description = "Address of listeners without an address. Default: POD_IP if set, else 0.0.0.0.")
    private @Nullable String bindAddress;

    @Mixin
    private AdminFlags admin = new AdminFlags();

    @Option(
            names = "--io",
            paramLabel = "auto|epoll|nio",
            defaultValue = "auto",
            description = "Socket implementation. Default: ${DEFAULT-VALUE}.")
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

    @Option(names = "--check", description = "Validate the --config file and exit.")
    private boolean check;

    /** Whether only to check a configuration file. */
    boolean isCheck() {
        return check;
    }

    /** @throws CommandLine.ParameterException if there is none */
    Path configToCheck() {
        if (config == null) {
            throw usage("--check requires --config FILE");
        }
        return config;
    }

    /** Whether the proxy reports to a ConfigMap. */
    boolean reports() {
        return reportConfigMap != null;
    }

    LogFormat logFormat() {
        return logFormat;
    }

    /**
     * All of the flags.
     *
     * @throws CommandLine.ParameterException if a flag is wrong
     */
    ProxyOptions options(Map<String, String> environment) {
        if ((config == null) == (configMap == null)) {
            throw usage("exactly one of --config FILE and --config-map NAMESPACE/NAME is required");
        }
        Level level = Level.toLevel(logLevel, null);
        if (level == null) {
            throw usage("--log-level must be ERROR, WARN, INFO, DEBUG or TRACE, got '" + logLevel + "'");
        }
        if (!TRANSPORTS.contains(io)) {
            throw usage("--io must be auto, epoll or nio, got '" + io + "'");
        }
        if (bindAddress != null && !IpAddresses.isAddress(bindAddress)) {
            throw usage("--bind-address must be an IP address, got '" + bindAddress + "'");
        }
        if (zone != null && zone.isBlank()) {
            throw usage("--zone must not be empty");
        }
        String podName = environment.get("POD_NAME");
        if (reportConfigMap != null && podName == null) {
            throw usage("--report-config-map requires the pod's name in the environment variable POD_NAME");
        }
        return new ProxyOptions(
                config,
                objectName("--config-map", configMap),
                objectName("--report-config-map", reportConfigMap),
                stateDir,
                secretsDir,
                podName,
                zone,
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

    private @Nullable ObjectName objectName(String flag, @Nullable String text) {
        try {
            return text == null ? null : ObjectName.parse(text);
        } catch (IllegalArgumentException e) {
            throw usage(flag + " " + e.getMessage());
        }
    }

    /**
     * How the process divides its memory.
     *
     * @throws CommandLine.ParameterException if a size is wrong
     */
    MemoryPlan memory() {
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
            return FixedPortListeners.parse(listen);
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
        return new CommandLine.ParameterException(
                Objects.requireNonNull(command).commandLine(), message);
    }
}
