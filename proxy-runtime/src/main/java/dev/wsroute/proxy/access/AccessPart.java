// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One kind of access rules: creates their steps, and follows what they need besides the document, such as keys in a Secret. Used on the
 * control thread only.
 */
@FunctionalInterface
public interface AccessPart extends AutoCloseable {

    /**
     * The step of a rule of the applied document.
     *
     * @param route {@code namespace/name} of the rule's route
     * @return null if the rule has none of this kind
     */
    @Nullable AccessStep step(String route, RuleConfig rule);

    /** Starts following a document's sources in addition to the current ones. Completes when all of them have reported. */
    default CompletableFuture<Void> require(ProxyConfig config) {
        return CompletableFuture.completedFuture(null);
    }

    /** Switches to the sources of a document that is being applied, and stops following others. */
    default void applied(ProxyConfig config) {}

    /** What is wrong with the sources of the applied document. */
    default List<CertificateReport> faults() {
        return List.of();
    }

    /** Calls back whenever the faults may have changed. */
    default void whenChanged(Runnable changed) {}

    /** Stops following sources. Call when the control thread has stopped. */
    @Override
    default void close() {}
}
