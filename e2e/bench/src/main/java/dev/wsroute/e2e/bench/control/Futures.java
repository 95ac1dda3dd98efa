// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for many asynchronous calls. */
final class Futures {

    private Futures() {}

    /**
     * @throws IllegalStateException with the first failure
     */
    static void awaitAll(List<Future<?>> begun) throws InterruptedException {
        for (Future<?> one : begun) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(String.valueOf(e.getCause()), e);
            }
        }
    }
}
