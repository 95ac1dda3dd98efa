// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import dev.wsroute.logging.Printable;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the WebSocketRoutes that take the place of Ingresses. Changes nothing and needs no cluster. */
@Command(
        name = MigrateCommand.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Prints WebSocketRoutes for Ingresses of ingress-nginx, with comments on what has no counterpart.",
            "  kubectl get ingress -A -o yaml | wsroute-operator migrate -"
        })
public final class MigrateCommand implements Callable<Integer> {

    /** The first word of the command line. */
    public static final String NAME = "migrate";

    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "YAML or JSON files with Ingresses; - is standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--service-type",
            paramLabel = "ClusterIP|NodePort|LoadBalancer",
            defaultValue = "LoadBalancer",
            description = "Type of the proxies' Services. Default: ${DEFAULT-VALUE}.")
    private ServiceType serviceType = ServiceType.LoadBalancer;

    @Option(
            names = "--allow-unprotected",
            description = "Print routes as usual whose Ingress checks who may connect in a way that wsroute cannot."
                    + " Without it, they are commented out.")
    private boolean allowUnprotected;

    /** Types of a Service that a route may ask for. */
    enum ServiceType {
        ClusterIP,
        NodePort,
        LoadBalancer
    }

    @Override
    public Integer call() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Ingress> ingresses = new ArrayList<>();
        for (String file : files) {
            try {
                ingresses.addAll(IngressReader.read(text(file)));
            } catch (IOException | IllegalArgumentException e) {
                err.println("wsroute-operator: " + Printable.of(file + ": " + e.getMessage()));
                return FAILED;
            }
        }
        if (ingresses.isEmpty()) {
            err.println("wsroute-operator: there is no Ingress in " + Printable.of(String.join(", ", files)) + ".");
            return FAILED;
        }
        List<ConvertedRoute> routes = new RouteBuilder(serviceType.name()).convert(ingresses);
        routes.forEach(route -> out.print(route.print(route.isLessProtected() && !allowUnprotected)));
        out.flush();
        long unprotected =
                routes.stream().filter(ConvertedRoute::isLessProtected).count();
        err.println("Ingresses: " + ingresses.size() + ", WebSocketRoutes: " + routes.size() + ". Read the comments.");
        if (unprotected > 0 && !allowUnprotected) {
            err.println(unprotected + " of them would let more clients in and are commented out (WARNING).");
        }
        return ExitCode.OK;
    }

    private static String text(String file) throws IOException {
        if (file.equals("-")) {
            InputStream in = System.in;
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!Files.isRegularFile(Path.of(file))) {
            throw new IOException("is not a file");
        }
        return Files.readString(Path.of(file));
    }
}
