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
 * How a proxy leaves: its readiness falls; it goes on accepting for {@link ProxyDrain#delay()}, so that load balancers
 * hear of it, and asks them with each response to give up their idle connections; it closes its listeners and asks everybody to leave, evenly over {@link ProxyDrain#over()}. Where that took
 * longer, the process having been stopped meanwhile, it goes on evenly until half of {@link ProxyDrain#closeTimeout()} is
 * over, and then asks everybody. What is still there at the end of that time is reset. It ends early when nobody is left.
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
     * Starts to leave; any further call returns what the first did.
     *
     * @param drain the times of the newest configuration
     * @param notReady lets the readiness fall; called at once
     * @param closing called when it is about to close the listeners
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
            leave(drain, done);
        });
        return done;
    }

    private void leave(ProxyDrain drain, CompletableFuture<Void> done) {
        target.stopAccepting();
        target.finishHttp();
        target.allClosed().thenRun(() -> done.complete(null));
        Set<LiveConnection> crowd = Set.copyOf(connections.matching(any -> true));
        CompletionStage<Void> asked = shedder.shed(crowd, CloseReason.PROXY_SHUTDOWN, drain.over());
        asked.thenRun(() -> close(any -> true));
        // And who was still being opened then, or is.
        after(drain.over(), () -> {
            connections.addListener(late -> late.close(CloseReason.PROXY_SHUTDOWN));
            close(connection -> !crowd.contains(connection));
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
