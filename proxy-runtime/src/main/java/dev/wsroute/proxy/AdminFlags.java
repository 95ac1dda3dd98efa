package dev.wsroute.proxy;

import dev.wsroute.config.IpAddresses;
import dev.wsroute.config.ProxyPorts;
import dev.wsroute.proxy.admin.AdminOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of the admin port and the probe port. */
final class AdminFlags {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--admin-address",
            paramLabel = "IP",
            description =
                    "Address of the admin port and the probe port. Default: POD_IP, else 127.0.0.1. With the address"
                            + " of a pod, the admin port listens on 127.0.0.1 too.")
    private @Nullable String address;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "" + ProxyPorts.ADMIN,
            description = "Serves /livez, /readyz and /metrics, and /config and /connections to clients on the same"
                    + " machine; 0 lets the system choose. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--probe-port",
            paramLabel = "PORT",
            description = "Serves only /livez and /readyz, on an event loop of its own; 0 lets the system choose."
                    + " Default: there is none.")
    private @Nullable Integer probePort;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "Opens /config and /connections to clients on other machines that send the token in this file"
                    + " as Authorization: Bearer TOKEN; read again every 10 s.")
    private @Nullable Path tokenFile;

    /** @throws CommandLine.ParameterException if an address or a port is none */
    AdminOptions options(Map<String, String> environment) {
        if (address != null && !IpAddresses.isAddress(address)) {
            throw usage("--admin-address must be an IP address, got '" + address + "'");
        }
        check("--admin-port", port);
        if (probePort != null) {
            check("--probe-port", probePort);
        }
        return new AdminOptions(
                address != null ? address : environment.getOrDefault("POD_IP", "127.0.0.1"),
                port,
                probePort,
                tokenFile);
    }

    private void check(String flag, int number) {
        if (number < 0 || number > 65535) {
            throw usage(flag + " must be between 0 and 65535, got " + number);
        }
    }

    private CommandLine.ParameterException usage(String sentence) {
        return new CommandLine.ParameterException(
                Objects.requireNonNull(command).commandLine(), sentence);
    }
}
