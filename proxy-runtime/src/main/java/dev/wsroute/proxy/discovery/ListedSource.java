// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.EndpointZones;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints listed in the document. Host names are resolved periodically on a thread that may block. Each address of a
 * name is an endpoint; if a name has addresses of both families, each IPv4 address is an endpoint with an IPv6 address
 * as its alternative. A name that cannot be resolved keeps its last addresses.
 */
public final class ListedSource implements EndpointSource {

    private static final Logger LOG = LoggerFactory.getLogger(ListedSource.class);
    private static final Duration REFRESH = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final ScheduledExecutorService lookups;
    private final Resolver resolver;
    private final Map<String, List<InetAddress>> known = new HashMap<>();
    private List<StaticEndpoint> listed;
    private @Nullable EndpointSink sink;
    private @Nullable ScheduledFuture<?> refresh;
    /** The current list has not been published yet. */
    private boolean edited;

    private boolean closed;

    /** Resolves a host name. */
    @FunctionalInterface
    public interface Resolver {

        /** @throws UnknownHostException when the name has no address or cannot be resolved */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param listed endpoints in the document
     * @param lookups may block in lookups
     */
    public ListedSource(List<StaticEndpoint> listed, ScheduledExecutorService lookups, Resolver resolver) {
        this.listed = List.copyOf(listed);
        this.lookups = lookups;
        this.resolver = resolver;
    }

    @Override
    public synchronized void start(EndpointSink to) {
        sink = to;
        begin();
    }

    /** Applies the list of an edited document. */
    synchronized void update(List<StaticEndpoint> endpoints) {
        if (!endpoints.equals(listed)) {
            listed = List.copyOf(endpoints);
            begin();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancelRefresh();
    }

    private void cancelRefresh() {
        if (refresh != null) {
            refresh.cancel(false);
        }
    }

    private void begin() {
        edited = true;
        cancelRefresh();
        if (names(listed).allMatch(known::containsKey)) {
            publishEdit();
        }
        if (names(listed).findAny().isPresent()) {
            lookups.execute(this::lookUpAll);
        }
    }

    private void lookUpAll() {
        List<StaticEndpoint> asked = snapshot();
        Map<String, List<InetAddress>> answers = new HashMap<>();
        names(asked).forEach(host -> lookUp(host, answers));
        synchronized (this) {
            if (closed || !listed.equals(asked)) {
                return;
            }
            boolean first = edited;
            if (edited) {
                // The edit is final. An address that is missing from a DNS answer is not: that is published separately
                // below.
                answers.forEach(known::putIfAbsent);
                publishEdit();
            }
            boolean other = !known.entrySet().containsAll(answers.entrySet());
            known.putAll(answers);
            known.keySet().retainAll(names(listed).collect(Collectors.toSet()));
            if (!edited && (other || !first)) {
                publish(endpoints(), Absence.UNKNOWN);
            }
            Duration again = names(listed).allMatch(answers::containsKey) ? REFRESH : RETRY;
            cancelRefresh();
            refresh = lookups.schedule(this::lookUpAll, again.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookUp(String host, Map<String, List<InetAddress>> answers) {
        try {
            // Sorted, since name servers rotate their answers.
            answers.put(
                    host,
                    Stream.of(resolver.resolve(host))
                            .sorted(Comparator.comparing(InetAddress::getHostAddress))
                            .toList());
        } catch (UnknownHostException e) {
            LOG.warn("Cannot resolve backend host name {}; retrying in {} s", host, RETRY.toSeconds());
        }
    }

    private synchronized List<StaticEndpoint> snapshot() {
        return listed;
    }

    /** The previous endpoints stay until a name in the new list resolves. */
    private void publishEdit() {
        Collection<Endpoint> endpoints = endpoints();
        if (!endpoints.isEmpty() || listed.isEmpty()) {
            edited = false;
            publish(endpoints, Absence.FINAL);
        } else if (sink != null && !closed) {
            sink.nothingKnown();
        }
    }

    private void publish(Collection<Endpoint> endpoints, Absence absence) {
        if (sink != null && !closed) {
            sink.publish(endpoints, absence);
        }
    }

    private Collection<Endpoint> endpoints() {
        Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>();
        for (StaticEndpoint endpoint : listed) {
            InetAddress literal = literal(endpoint.address());
            List<InetAddress> addresses =
                    literal == null ? known.getOrDefault(endpoint.address(), List.of()) : List.of(literal);
            for (Endpoint found : endpoints(addresses, endpoint)) {
                endpoints.putIfAbsent(found.key(), found);
            }
        }
        return endpoints.values();
    }

    private static List<Endpoint> endpoints(List<InetAddress> addresses, StaticEndpoint listed) {
        List<InetAddress> v4 =
                addresses.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> v6 =
                addresses.stream().filter(address -> !v4.contains(address)).toList();
        List<InetAddress> first = v4.isEmpty() ? v6 : v4;
        List<InetAddress> others = v4.isEmpty() ? List.of() : v6;
        return IntStream.range(0, first.size())
                .mapToObj(i -> endpoint(first.get(i), others.isEmpty() ? null : others.get(i % others.size()), listed))
                .toList();
    }

    private static Endpoint endpoint(InetAddress address, @Nullable InetAddress other, StaticEndpoint listed) {
        int port = listed.port();
        return new Endpoint(
                new EndpointKey(address.getHostAddress(), port),
                new InetSocketAddress(address, port),
                other == null ? null : new InetSocketAddress(other, port),
                null,
                true,
                true,
                false,
                EndpointZones.of(listed.zone()));
    }

    private static Stream<String> names(List<StaticEndpoint> endpoints) {
        return endpoints.stream()
                .map(StaticEndpoint::address)
                .filter(address -> literal(address) == null)
                .distinct();
    }

    private static @Nullable InetAddress literal(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }
}
