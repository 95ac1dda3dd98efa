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
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** {@code /config}: what this proxy runs, and where its connections are. */
public final class ConfigPage implements ConfigListener, AdminServer.Page {

    private static final int PATIENCE_SECONDS = 5;

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Executor control;
    private final Supplier<Map<SourceKey, EndpointSet>> endpoints;
    private final ToIntFunction<EndpointKey> live;
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
            int connections) {}

    /**
     * @param control the control thread, on which {@code endpoints} is asked
     * @param live connections of an endpoint
     */
    public ConfigPage(
            Executor control, Supplier<Map<SourceKey, EndpointSet>> endpoints, ToIntFunction<EndpointKey> live) {
        this.control = control;
        this.endpoints = endpoints;
        this.live = live;
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
                        .map(this::endpoint)
                        .toList());
    }

    private EndpointView endpoint(Endpoint endpoint) {
        return new EndpointView(
                endpoint.address().getAddress().getHostAddress() + ":"
                        + endpoint.address().getPort(),
                endpoint.podName(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating(),
                live.applyAsInt(endpoint.key()));
    }
}
