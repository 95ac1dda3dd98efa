package dev.wsroute.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.proxy.admin.AdminServer.Answer;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.EndpointStatus;
import dev.wsroute.proxy.balance.EndpointStatus.Standing;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /config}: what this proxy runs, and where its connections are. */
public final class ConfigPage implements ConfigListener, AdminServer.Page {

    private static final int PATIENCE_SECONDS = 5;

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Executor control;
    private final Supplier<Map<SourceKey, EndpointSet>> endpoints;
    private final Balancing balancing;
    private @Nullable ProxyConfig config;
    private @Nullable RefusedView refused;

    private record RefusedView(@Nullable ConfigVersion version, String reason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record View(
            @Nullable ConfigVersion version,
            @Nullable String name,
            @Nullable RefusedView refused,
            List<RouteView> routes) {}

    private record RouteView(String name, List<String> hostnames, List<RuleView> rules) {}

    private record RuleView(String name, List<MatchConfig> matches, List<BackendView> backends) {}

    private record BackendView(String name, @Nullable Integer weight, String source, List<EndpointView> endpoints) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record EndpointView(
            String address,
            @Nullable String pod,
            boolean ready,
            boolean serving,
            boolean terminating,
            String state,
            @Nullable Long secondsLeft,
            int connections,
            int failures) {}

    /**
     * @param control the control thread, on which {@code endpoints} is asked
     * @param balancing tells how endpoints stand
     */
    public ConfigPage(Executor control, Supplier<Map<SourceKey, EndpointSet>> endpoints, Balancing balancing) {
        this.control = control;
        this.endpoints = endpoints;
        this.balancing = balancing;
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        config = parsed.config();
        refused = null;
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        refused = new RefusedView(version, reason);
    }

    @Override
    public Answer answer() {
        try {
            View view = CompletableFuture.supplyAsync(this::view, control)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            return new Answer(200, "application/json", mapper.writeValueAsString(view) + "\n");
        } catch (CompletionException e) {
            return Answer.text(503, "the proxy is too busy to tell");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the configuration can always be written as JSON", e);
        }
    }

    private View view() {
        ProxyConfig now = config;
        if (now == null) {
            return new View(null, null, refused, List.of());
        }
        Map<SourceKey, EndpointSet> known = endpoints.get();
        return new View(
                now.version(),
                now.name(),
                refused,
                now.routes().stream().map(route -> route(route, known)).toList());
    }

    private RouteView route(RouteConfig route, Map<SourceKey, EndpointSet> known) {
        return new RouteView(
                route.name(),
                route.hostnames(),
                route.rules().stream()
                        .map(rule -> new RuleView(
                                rule.name(),
                                rule.matches(),
                                rule.backends().stream()
                                        .map(backend -> backend(route, rule, backend, known))
                                        .toList()))
                        .toList());
    }

    private BackendView backend(
            RouteConfig route, RuleConfig rule, BackendConfig backend, Map<SourceKey, EndpointSet> known) {
        SourceKey source = SourceKey.of(route.name(), rule.name(), backend);
        return new BackendView(
                backend.name(),
                backend.weight(),
                source.toString(),
                known.getOrDefault(source, EndpointSet.EMPTY).endpoints().stream()
                        .map(endpoint -> endpoint(
                                endpoint,
                                balancing.status(
                                        source, endpoint, rule.loadBalancing().slowStart())))
                        .toList());
    }

    private static EndpointView endpoint(Endpoint endpoint, EndpointStatus status) {
        return new EndpointView(
                endpoint.address().getAddress().getHostAddress() + ":"
                        + endpoint.address().getPort(),
                endpoint.podName(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating(),
                state(status.standing()),
                secondsLeft(status.standing()),
                status.live(),
                status.failures());
    }

    private static String state(Standing standing) {
        if (standing instanceof Standing.SlowStart) {
            return "slowStart";
        } else if (standing instanceof Standing.Ejected) {
            return "ejected";
        } else if (standing instanceof Standing.NotReady) {
            return "notReady";
        }
        return standing instanceof Standing.Terminating ? "terminating" : "ready";
    }

    /** Of a state that ends by itself, rounded up. */
    private static @Nullable Long secondsLeft(Standing standing) {
        Duration left = null;
        if (standing instanceof Standing.SlowStart slowStart) {
            left = slowStart.left();
        } else if (standing instanceof Standing.Ejected ejected) {
            left = ejected.left();
        }
        return left == null ? null : left.plusNanos(999_999_999).toSeconds();
    }
}
