// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.config.ProxyDrain;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The graceful shutdown of a proxy:
 *
 * <ol>
 * <li>Readiness fails. For {@link ProxyDrain#delay()} the proxy goes on accepting, so that load balancers notice, and
 * asks clients with each response to close idle connections.
 * <li>It closes its listeners, and closes all WebSockets evenly over {@link ProxyDrain#over()}. If that is late because
 * the process was paused, it continues at the same rate until half of {@link ProxyDrain#closeTimeout()} has passed, and
 * then closes the rest at once.
 * <li>After {@link ProxyDrain#closeTimeout()} it resets what is left.
 * </ol>
 * <p>It ends early when no connection is left.
 */
public final class ShutdownSequence {

    private final ShutdownTarget target;
    private final ConnectionRegistry connections;
    private final Shedder shedder;
    private final ScheduledExecutorService scheduler;
    private final AtomicReference<@Nullable CompletableFuture<Void>> begun = new AtomicReference<>();

    public ShutdownSequence(
            ShutdownTarget target,
            ConnectionRegistry connections,
            Shedder shedder,
            ScheduledExecutorService scheduler) {
        this.target = target;
        this.connections = connections;
        this.shedder = shedder;
        this.scheduler = scheduler;
    }

    /**
     * Begins the shutdown. Further calls return the result of the first.
     *
     * @param drain durations from the current configuration
     * @param notReady makes readiness fail; called at once
     * @param closing called just before the listeners close
     * @return completes when every connection is closed
     */
    public CompletionStage<Void> begin(ProxyDrain drain, Runnable notReady, Runnable closing) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!begun.compareAndSet(null, done)) {
            return Objects.requireNonNull(begun.get());
        }
        notReady.run();
        target.endAfterResponses();
        after(drain.delay(), () -> {
            closing.run();
            drain(drain, done);
        });
        return done;
    }

    private void drain(ProxyDrain drain, CompletableFuture<Void> done) {
        target.stopAccepting();
        target.finishHttp();
        target.allClosed().thenRun(() -> done.complete(null));
        Set<LiveConnection> open = Set.copyOf(connections.matching(any -> true));
        CompletionStage<Void> allAsked = shedder.shed(open, CloseReason.PROXY_SHUTDOWN, drain.over());
        allAsked.thenRun(() -> close(any -> true));
        // Also those whose handshake was still in progress, or is.
        after(drain.over(), () -> {
            connections.addListener(late -> late.close(CloseReason.PROXY_SHUTDOWN));
            close(connection -> !open.contains(connection));
        });
        after(drain.over().plus(drain.closeTimeout().dividedBy(2)), () -> close(any -> true));
        after(drain.over().plus(drain.closeTimeout()), () -> {
            target.resetAll();
            done.complete(null);
        });
    }

    private void close(Predicate<LiveConnection> which) {
        connections.matching(which).forEach(connection -> connection.close(CloseReason.PROXY_SHUTDOWN));
    }

    private void after(Duration delay, Runnable step) {
        scheduler.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
