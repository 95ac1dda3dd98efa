// SPDX-License-Identifier: Apache-2.0
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
            description = "Address of the admin port and the probe port. Default: POD_IP if set, else 127.0.0.1. On a"
                    + " pod's address, the admin port also listens on 127.0.0.1.")
    private @Nullable String address;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "" + ProxyPorts.ADMIN,
            description = "Port for /livez, /readyz and /metrics, and for /config and /connections from the same"
                    + " machine; 0 for any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--probe-port",
            paramLabel = "PORT",
            description = "Port for /livez and /readyz only, with its own event loop; 0 for any free port. Default:"
                    + " none.")
    private @Nullable Integer probePort;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File with a token. Clients on other machines that send it as Authorization: Bearer TOKEN"
                    + " may read /config and /connections. Reread every 10 s.")
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
