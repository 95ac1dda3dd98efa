// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Shedder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the calls. */
public final class RecordingShedder implements Shedder {

    private final List<Shed> calls = new CopyOnWriteArrayList<>();

    /** One call. */
    public record Shed(List<LiveConnection> connections, CloseReason reason, Duration over) {}

    public List<Shed> calls() {
        return calls;
    }

    @Override
    public CompletionStage<Void> shed(Collection<LiveConnection> connections, CloseReason reason, Duration over) {
        calls.add(new Shed(List.copyOf(connections), reason, over));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isDraining() {
        return false;
    }
}
