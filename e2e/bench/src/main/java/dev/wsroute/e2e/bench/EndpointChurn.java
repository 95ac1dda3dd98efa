// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Changes the endpoints of a proxy 50 times per second, or less often if the proxy takes longer to apply a change. */
final class EndpointChurn implements Companion {

    static final int CHANGES_A_SECOND = 50;

    private static final double PERCENT = 100;

    private final RunningProxy proxy;
    private final Churned how;
    private final ScheduledExecutorService changer = Executors.newSingleThreadScheduledExecutor();
    private Future<?> changing = CompletableFuture.completedFuture(null);
    private long made;
    private long takenBefore;

    EndpointChurn(RunningProxy proxy, Churned how) {
        this.proxy = proxy;
        this.how = how;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
        takenBefore = how.taken(proxy);
        changing = changer.scheduleAtFixedRate(
                this::change, 0, TimeUnit.SECONDS.toNanos(1) / CHANGES_A_SECOND, TimeUnit.NANOSECONDS);
    }

    private void change() {
        try {
            how.change(proxy, made % 2 == 0);
            made++;
        } catch (IOException e) {
            throw new IllegalStateException(proxy.label() + " does not take changes: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws IllegalStateException if a change failed */
    @Override
    public Measurement end(Measurement measured) throws IOException, InterruptedException {
        changer.shutdown();
        if (!changer.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(proxy.label() + " did not finish a change");
        }
        if (!changing.isCancelled()) {
            try {
                changing.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(String.valueOf(e.getCause()), e);
            }
        }
        double seconds = measured.get(Measurement.SECONDS).orElseThrow();
        double lost = measured.get(Measurement.LOST).orElseThrow();
        double answered = measured.get(Measurement.MESSAGES).orElseThrow();
        return measured.with(Map.of(
                Measurement.CHANGES_MADE,
                made / seconds,
                Measurement.CHANGES_TAKEN,
                (how.taken(proxy) - takenBefore) / seconds,
                Measurement.CUTS_RATE,
                measured.get(Measurement.CUTS).orElseThrow() / seconds,
                Measurement.LOST_SHARE,
                PERCENT * lost / (lost + answered)));
    }

    @Override
    public void close() {
        changer.shutdownNow();
    }
}
