package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens with the requests that one of the matches fits.
 *
 * @param name unique in its route
 * @param matches any of them; empty: every path
 * @param backends where connections go, by weight
 * @param plainHttp what becomes of requests that do not upgrade
 * @param loadBalancing how an endpoint is chosen
 * @param timeouts of connections
 * @param connectRetries how many further endpoints are tried when connecting fails, before the request head was written
 * @param drain how connections of a leaving endpoint are asked to go
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleConfig(
        @JsonProperty(required = true) String name,
        List<MatchConfig> matches,
        List<BackendConfig> backends,
        @JsonProperty("plainHTTP") PlainHttp plainHttp,
        LoadBalancing loadBalancing,
        Timeouts timeouts,
        @Nullable Integer connectRetries,
        BackendDrain drain) {

    /** Further endpoints tried where the document is silent. */
    public static final int DEFAULT_CONNECT_RETRIES = 2;

    public RuleConfig {
        matches = Defaults.list(matches);
        backends = Defaults.list(backends);
        plainHttp = Defaults.or(plainHttp, PlainHttp.DEFAULT);
        loadBalancing = Defaults.or(loadBalancing, LoadBalancing.DEFAULT);
        timeouts = Defaults.or(timeouts, Timeouts.DEFAULT);
        connectRetries = Defaults.or(connectRetries, DEFAULT_CONNECT_RETRIES);
        drain = Defaults.or(drain, BackendDrain.DEFAULT);
    }

    /**
     * A request fits when all parts of the match do.
     *
     * @param path absent: every path
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MatchConfig(@Nullable PathMatch path) {}

    /**
     * @param type how {@code value} is compared with the path as received, without its query
     * @param value starts with a slash
     */
    public record PathMatch(
            Type type, @JsonProperty(required = true) String value) {

        public PathMatch {
            type = Defaults.or(type, Type.PathPrefix);
            value = Defaults.or(value, "/");
        }

        /** How paths are compared; the constants are spelled as in Gateway API. */
        public enum Type {
            /** Equal, or beginning with the value at a path-segment border. */
            PathPrefix,
            /** Equal, byte for byte. */
            Exact
        }
    }

    /**
     * @param mode what becomes of requests that do not upgrade
     * @param responseTimeout how long a backend may take until its response head; not for the body
     */
    public record PlainHttp(Mode mode, Duration responseTimeout) {

        /** Passed on, with a minute for the response head. */
        public static final PlainHttp DEFAULT = new PlainHttp(Mode.Proxy, Duration.ofSeconds(60));

        public PlainHttp {
            mode = Defaults.or(mode, Mode.Proxy);
            responseTimeout = Defaults.or(responseTimeout, Duration.ofSeconds(60));
        }

        /** What becomes of requests that do not upgrade. */
        public enum Mode {
            /** Passed on to the same backends. */
            Proxy,
            /** Answered 426 Upgrade Required. */
            Reject
        }
    }

    /** @param type how an endpoint is chosen */
    public record LoadBalancing(Type type) {

        /** Two random choices, the one with fewer live connections wins. */
        public static final LoadBalancing DEFAULT = new LoadBalancing(Type.LeastConnections);

        public LoadBalancing {
            type = Defaults.or(type, Type.LeastConnections);
        }

        /** How an endpoint is chosen. */
        public enum Type {
            /** Two random choices, the one with fewer live connections wins. */
            LeastConnections,
            /** One after another. */
            RoundRobin
        }
    }

    /**
     * @param connect for the TCP connection to an endpoint
     * @param upgrade from the written request head to the backend's 101
     * @param idle a WebSocket without a byte in either direction for this long is closed; absent: never
     * @param writeStall a WebSocket whose reader takes no byte for this long while some wait is reset
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeouts(
            Duration connect, Duration upgrade, @Nullable Duration idle, Duration writeStall) {

        /** 5 s to connect, 15 s to upgrade, never idle, 60 s of write stall. */
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(15), null, Duration.ofSeconds(60));

        public Timeouts {
            connect = Defaults.or(connect, Duration.ofSeconds(5));
            upgrade = Defaults.or(upgrade, Duration.ofSeconds(15));
            writeStall = Defaults.or(writeStall, Duration.ofSeconds(60));
        }
    }

    /** @param over the window over which a leaving endpoint's connections are asked to go, evenly */
    public record BackendDrain(Duration over) {

        /** 20 s. */
        public static final BackendDrain DEFAULT = new BackendDrain(Duration.ofSeconds(20));

        public BackendDrain {
            over = Defaults.or(over, Duration.ofSeconds(20));
        }
    }
}
