// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.config.IpAddresses;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.operator.jwks.AllowedHosts;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. Each flag can also be set by an environment variable: {@code --proxy-image} is {@code WSROUTE_PROXY_IMAGE}. */
final class OperatorOptions {

    private static final int MAX_PORT = 65535;

    @Option(
            names = "--namespaces",
            paramLabel = "NAMESPACE",
            split = ",",
            description = "Namespaces to watch, separated by commas. Default: all.")
    private Set<String> namespaces = new LinkedHashSet<>();

    @Option(
            names = "--proxy-image",
            paramLabel = "IMAGE",
            defaultValue = "wsroute/proxy:dev",
            description = "Proxy image for routes that do not set their own. Default: ${DEFAULT-VALUE}.")
    private String proxyImage = "";

    @Option(
            names = "--limits-config-map",
            paramLabel = "NAME",
            defaultValue = "wsroute-limits",
            description =
                    "ConfigMap in the operator's own namespace with the limits of what routes may ask for. It need not"
                            + " exist. Default: ${DEFAULT-VALUE}.")
    private String limitsConfigMap = "";

    @Option(
            names = "--jwks-allowed-hosts",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description = "Hosts, separated by commas, from which routes may have key sets fetched although their"
                    + " addresses are not public, each with its port unless it is 443. Default: none.")
    private Set<String> jwksAllowedHosts = new LinkedHashSet<>();

    @Option(
            names = "--allow-loopback-endpoints",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description =
                    "Accept endpoints at loopback addresses. Only for a development cluster whose pods are processes"
                            + " on one machine; its proxies need the same flag.")
    private boolean loopbackEndpoints;

    @Option(
            names = "--admin-address",
            paramLabel = "IP",
            description = "Address of the admin port. Default: POD_IP, else 127.0.0.1.")
    private @Nullable String adminAddress;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Port of /livez, /readyz and /metrics; 0 picks a free port. Default: ${DEFAULT-VALUE}.")
    private int adminPort;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "Serve /load on the admin port, which shows autoscalers the connections of a route, to clients that"
                            + " send the token in this file as a bearer token. Default: not served.")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--leader-election",
            paramLabel = "true|false",
            arity = "1",
            defaultValue = "true",
            description = "Elect a leader, so that only one of several operators acts. Default: ${DEFAULT-VALUE}.")
    private boolean leaderElection;

    @Option(
            names = "--leader-election-namespace",
            paramLabel = "NAMESPACE",
            description =
                    "Namespace of the leader election lease. Default: POD_NAMESPACE, else the client's namespace.")
    private @Nullable String leaderElectionNamespace;

    @Option(
            names = "--check",
            description =
                    "List once what the operator watches, and exit: with 0 if the CRD is installed and the rights are"
                            + " sufficient, else with 1 and the reason.")
    private boolean check;

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
    private LogLevel logLevel = LogLevel.INFO;

    /** The values of {@code --log-level}. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** @throws ParameterException if a flag's value is one that no operator can run with */
    void check(CommandLine line) {
        if (adminPort < 0 || adminPort > MAX_PORT) {
            throw new ParameterException(line, "--admin-port must be between 0 and 65535, got " + adminPort);
        }
        try {
            AllowedHosts.of(jwksAllowedHosts);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    line,
                    "--jwks-allowed-hosts must be host names, each with or without a port, got '" + e.getMessage()
                            + "'",
                    e);
        }
        if (adminAddress != null && !IpAddresses.isAddress(adminAddress)) {
            throw new ParameterException(line, "--admin-address must be an IP address, got '" + adminAddress + "'");
        }
    }

    /** Empty: all. */
    Set<String> namespaces() {
        return Set.copyOf(namespaces);
    }

    String proxyImage() {
        return proxyImage;
    }

    String limitsConfigMap() {
        return limitsConfigMap;
    }

    Set<String> jwksAllowedHosts() {
        return Set.copyOf(jwksAllowedHosts);
    }

    boolean loopbackEndpoints() {
        return loopbackEndpoints;
    }

    String adminAddress(Map<String, String> environment) {
        return Objects.requireNonNullElseGet(adminAddress, () -> environment.getOrDefault("POD_IP", "127.0.0.1"));
    }

    int adminPort() {
        return adminPort;
    }

    @Nullable Path adminTokenFile() {
        return adminTokenFile;
    }

    boolean leaderElection() {
        return leaderElection;
    }

    String leaderElectionNamespace(Map<String, String> environment, @Nullable String clientNamespace) {
        return Objects.requireNonNullElseGet(leaderElectionNamespace, () -> namespace(environment, clientNamespace));
    }

    /** The operator's own namespace. */
    String namespace(Map<String, String> environment, @Nullable String clientNamespace) {
        return environment.getOrDefault("POD_NAMESPACE", Objects.requireNonNullElse(clientNamespace, "default"));
    }

    boolean checkOnly() {
        return check;
    }

    LogFormat logFormat() {
        return logFormat;
    }

    LogLevel logLevel() {
        return logLevel;
    }

    /** Takes the values of missing flags from the environment. */
    record FromEnvironment(Map<String, String> environment) implements IDefaultValueProvider {

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            if (!(argument instanceof OptionSpec option)) {
                return null;
            }
            String name = option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
            String value = environment.get("WSROUTE_" + name);
            return value == null || value.isBlank() ? null : value;
        }
    }
}
