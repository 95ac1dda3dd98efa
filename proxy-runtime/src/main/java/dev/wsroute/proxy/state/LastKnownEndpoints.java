// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.EndpointZones;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the endpoints found through the Kubernetes API. Changes are written in batches after a short delay. */
public final class LastKnownEndpoints implements EndpointListener {

    private static final Logger LOG = LoggerFactory.getLogger(LastKnownEndpoints.class);
    private static final String FILE = "endpoints.json";
    private static final Duration GATHERING = Duration.ofMillis(100);

    private final ObjectMapper mapper = new ObjectMapper();
    private final StateDir state;
    private final ScheduledExecutorService writer;
    private final Map<SourceKey, EndpointSet> sets = new HashMap<>();
    private boolean scheduled;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record KeptEndpoint(
            String id,
            String address,
            @Nullable String other,
            int port,
            @Nullable String pod,
            boolean ready,
            boolean serving,
            boolean terminating,
            @Nullable String zone,
            @Nullable List<String> hints) {}

    /** @param proxies true for the proxies themselves; else absent */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record KeptSource(
            String namespace,
            String service,
            String portName,
            @Nullable Boolean proxies,
            List<KeptEndpoint> endpoints) {

        static KeptSource of(SourceKey.Slices slices, @Nullable Boolean proxies, EndpointSet set) {
            return new KeptSource(
                    slices.namespace(),
                    slices.service(),
                    slices.portName(),
                    proxies,
                    set.endpoints().stream().map(LastKnownEndpoints::kept).toList());
        }

        SourceKey key() {
            SourceKey.Slices slices = new SourceKey.Slices(namespace, service, portName);
            return proxies != null && proxies ? new SourceKey.Proxies(slices) : slices;
        }
    }

    private record Kept(List<KeptSource> sources) {}

    /** @param writer may block in writes */
    public LastKnownEndpoints(StateDir state, ScheduledExecutorService writer) {
        this.state = state;
        this.writer = writer;
    }

    /** The stored endpoints; empty if there are none or the file is unreadable. */
    public synchronized Map<SourceKey, EndpointSet> load() {
        String text = state.read(FILE);
        if (text == null) {
            return Map.of();
        }
        try {
            for (KeptSource source : mapper.readValue(text, Kept.class).sources()) {
                sets.put(
                        source.key(),
                        EndpointSet.of(source.endpoints().stream()
                                .map(LastKnownEndpoints::endpoint)
                                .filter(Objects::nonNull)
                                .toList()));
            }
        } catch (JsonProcessingException e) {
            LOG.warn("Cannot read the stored endpoints; starting without them: {}", e.getOriginalMessage());
        }
        return Map.copyOf(sets);
    }

    @Override
    public synchronized void changed(SourceKey source, EndpointSet endpoints) {
        if (!(source instanceof SourceKey.Listed) && !endpoints.equals(sets.put(source, endpoints))) {
            writeSoon();
        }
    }

    @Override
    public synchronized void retained(Set<SourceKey> sources) {
        if (sets.keySet().retainAll(sources)) {
            writeSoon();
        }
    }

    private void writeSoon() {
        if (!scheduled) {
            scheduled = true;
            writer.schedule(this::write, GATHERING.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        // Covered by {@code changed}.
    }

    private void write() {
        Kept kept;
        synchronized (this) {
            scheduled = false;
            kept = new Kept(sets.entrySet().stream()
                    .map(entry -> kept(entry.getKey(), entry.getValue()))
                    .flatMap(Optional::stream)
                    .toList());
        }
        try {
            state.write(FILE, mapper.writeValueAsString(kept));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("endpoints can always be written as JSON", e);
        }
    }

    private static Optional<KeptSource> kept(SourceKey source, EndpointSet set) {
        if (source instanceof SourceKey.Proxies proxies) {
            return Optional.of(KeptSource.of(proxies.slices(), true, set));
        }
        return source instanceof SourceKey.Slices slices
                ? Optional.of(KeptSource.of(slices, null, set))
                : Optional.empty();
    }

    private static KeptEndpoint kept(Endpoint endpoint) {
        EndpointZones zones = endpoint.zones();
        InetSocketAddress other = endpoint.other();
        return new KeptEndpoint(
                endpoint.key().id(),
                endpoint.address().getAddress().getHostAddress(),
                other == null ? null : other.getAddress().getHostAddress(),
                endpoint.key().port(),
                endpoint.podName(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating(),
                zones.zone(),
                zones.hints().isEmpty() ? null : zones.hints());
    }

    private static @Nullable Endpoint endpoint(KeptEndpoint kept) {
        InetSocketAddress address = address(kept.address(), kept.port());
        return address == null
                ? null
                : new Endpoint(
                        new EndpointKey(kept.id(), kept.port()),
                        address,
                        address(kept.other(), kept.port()),
                        kept.pod(),
                        kept.ready(),
                        kept.serving(),
                        kept.terminating(),
                        new EndpointZones(kept.zone(), kept.hints() == null ? List.of() : kept.hints()));
    }

    private static @Nullable InetSocketAddress address(@Nullable String text, int port) {
        InetAddress address = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
        return address == null ? null : new InetSocketAddress(address, port);
    }
}
