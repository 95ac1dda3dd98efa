// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks whether the API responds to a watch, and the backoff between retries. Logs once when it stops responding and
 * once when it responds again. Thread-safe.
 */
final class ApiContact {

    private static final Logger LOG = LoggerFactory.getLogger(ApiContact.class);

    private final String what;
    private final RetryBackoff backoff = new RetryBackoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private boolean failing;

    /** @param what the objects, for log messages */
    ApiContact(String what) {
        this.what = what;
    }

    /** The API has responded. */
    synchronized void answered() {
        backoff.reset();
        if (failing) {
            failing = false;
            LOG.info("{}: the Kubernetes API is available again", what);
        }
    }

    /**
     * The API has not responded, or has refused.
     *
     * @return delay before the next attempt
     */
    synchronized Duration failed(IOException reason) {
        Duration wait = backoff.next();
        if (failing || (reason instanceof ApiException refused && refused.isGone())) {
            LOG.debug("{}: retrying in {} ms: {}", what, wait.toMillis(), reason.getMessage());
        } else {
            failing = true;
            LOG.warn("{}: the Kubernetes API is not available; retrying: {}", what, reason.getMessage());
        }
        return wait;
    }

    /** Delay before an ended watch is resumed. */
    Duration pause() {
        return backoff.next();
    }
}
