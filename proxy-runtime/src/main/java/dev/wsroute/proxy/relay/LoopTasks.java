// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Deadline;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * Runs tasks of one tunnel on its event loop. Anything that a task throws, {@link Error}s included, ends only that
 * tunnel.
 */
final class LoopTasks {

    private final EventLoop loop;
    private final Consumer<Throwable> failed;

    LoopTasks(EventLoop loop, Consumer<Throwable> failed) {
        this.loop = loop;
        this.failed = failed;
    }

    /** Runs a task on the loop. Thread-safe. */
    void run(Runnable task) {
        loop.execute(() -> guarded(task));
    }

    /** A deadline whose action is guarded likewise. */
    Deadline deadline() {
        return new Deadline(loop, failed);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            failed.accept(e);
        }
    }
}
