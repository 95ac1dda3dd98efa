// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Creates what decides who may connect, for the rules of a configuration. Used on the control thread only. */
public final class AccessGates implements AutoCloseable {

    private final ProxyMetrics metrics;
    private final List<AccessPart> further;

    /** @param further kinds of rules that are asked after addresses and origins, in order */
    public AccessGates(ProxyMetrics metrics, AccessPart... further) {
        this.metrics = metrics;
        this.further = List.of(further);
    }

    /**
     * The gate of a rule.
     *
     * @param route {@code namespace/name} of the rule's route
     * @return null if everybody may connect
     */
    public @Nullable AccessGate gate(String route, RuleConfig rule) {
        return RuleAccess.of(route, rule, metrics, further);
    }

    /** Starts following what a document's rules need, in addition to the current ones. Completes when all of it is known. */
    public CompletableFuture<Void> require(ProxyConfig config) {
        return CompletableFuture.allOf(
                further.stream().map(part -> part.require(config)).toArray(CompletableFuture[]::new));
    }

    /** Switches to what a document needs. Call before its gates are created. */
    public void applied(ProxyConfig config) {
        further.forEach(part -> part.applied(config));
    }

    /** Sets who learns what is wrong with keys, passwords and lists, whenever it may have changed. */
    public void observe(Consumer<List<CertificateReport>> observer) {
        further.forEach(part -> part.whenChanged(() -> observer.accept(
                further.stream().flatMap(each -> each.faults().stream()).toList())));
    }

    /** Stops following anything. Call when the control thread has stopped. */
    @Override
    public void close() {
        further.forEach(AccessPart::close);
    }
}
