package dev.wsroute.proxy.discovery;

import dev.wsroute.config.BackendConfig.StaticEndpoint;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints that the document lists. Host names are looked up on a thread where that may block, again every now and
 * then; a name with many addresses is as many endpoints. A name that cannot be looked up keeps its last addresses.
 */
public final class ListedSource implements EndpointSource {

    private static final Logger log = LoggerFactory.getLogger(ListedSource.class);
    private static final Duration REFRESH = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final ScheduledExecutorService lookups;
    private final Resolver resolver;
    private final Map<String, List<InetAddress>> known = new HashMap<>();
    private List<StaticEndpoint> listed;
    private @Nullable Sink sink;
    private @Nullable ScheduledFuture<?> refresh;
    private boolean closed;

    /** Looks up a host name. */
    @FunctionalInterface
    public interface Resolver {

        /** @throws UnknownHostException when the name has no address, or nobody could be asked */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param listed what the document has
     * @param lookups where looking up may block
     */
    public ListedSource(List<StaticEndpoint> listed, ScheduledExecutorService lookups, Resolver resolver) {
        this.listed = List.copyOf(listed);
        this.lookups = lookups;
        this.resolver = resolver;
    }

    @Override
    public synchronized void start(Sink to) {
        sink = to;
        begin();
    }

    /** Takes the list of an edited document. */
    synchronized void update(List<StaticEndpoint> endpoints) {
        if (!endpoints.equals(listed)) {
            listed = List.copyOf(endpoints);
            begin();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (refresh != null) {
            refresh.cancel(false);
        }
    }

    private void begin() {
        if (listed.stream().allMatch(endpoint -> literal(endpoint.address()) != null)) {
            publish(Absence.FINAL);
        } else {
            lookups.execute(() -> lookUp(Absence.FINAL));
        }
    }

    private void lookUp(Absence absence) {
        List<StaticEndpoint> toResolve = snapshot();
        boolean complete = true;
        for (StaticEndpoint endpoint : toResolve) {
            if (literal(endpoint.address()) == null) {
                complete &= lookUp(endpoint.address());
            }
        }
        synchronized (this) {
            if (closed || !listed.equals(toResolve)) {
                return;
            }
            publish(absence);
            Duration again = complete ? REFRESH : RETRY;
            if (refresh != null) {
                refresh.cancel(false);
            }
            refresh = lookups.schedule(() -> lookUp(Absence.UNKNOWN), again.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean lookUp(String host) {
        try {
            List<InetAddress> all = Arrays.asList(resolver.resolve(host));
            List<InetAddress> v4 =
                    all.stream().filter(Inet4Address.class::isInstance).toList();
            remember(host, v4.isEmpty() ? all : v4);
            return true;
        } catch (UnknownHostException e) {
            log.warn("The backend host name {} cannot be looked up, trying again in {} s", host, RETRY.toSeconds());
            return false;
        }
    }

    private synchronized List<StaticEndpoint> snapshot() {
        return listed;
    }

    private synchronized void remember(String host, List<InetAddress> addresses) {
        known.put(host, addresses);
    }

    private synchronized void publish(Absence absence) {
        if (sink == null || closed) {
            return;
        }
        Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>();
        for (StaticEndpoint endpoint : listed) {
            InetAddress literal = literal(endpoint.address());
            List<InetAddress> addresses =
                    literal == null ? known.getOrDefault(endpoint.address(), List.of()) : List.of(literal);
            for (InetAddress address : addresses) {
                EndpointKey key = new EndpointKey(address.getHostAddress(), endpoint.port());
                endpoints.put(
                        key,
                        new Endpoint(key, new InetSocketAddress(address, endpoint.port()), null, true, true, false));
            }
        }
        sink.publish(endpoints.values(), absence);
    }

    private static @Nullable InetAddress literal(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }
}
