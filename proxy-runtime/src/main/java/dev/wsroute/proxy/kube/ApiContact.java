package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API answers those who follow some objects, and when to ask it again. The log tells once that it does not,
 * and once that it does again. For any thread.
 */
final class ApiContact {

    private static final Logger LOG = LoggerFactory.getLogger(ApiContact.class);

    private final String what;
    private final RetryBackoff backoff = new RetryBackoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private boolean failing;

    /** @param what the objects, for the log */
    ApiContact(String what) {
        this.what = what;
    }

    /** The API was asked, and has answered. */
    synchronized void answered() {
        backoff.reset();
        if (failing) {
            failing = false;
            LOG.info("{}: the Kubernetes API is available again", what);
        }
    }

    /**
     * The API was asked, and has not answered, or refused.
     *
     * @return how long to wait before it is asked again
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

    /** How long to wait before a watch that has ended is taken up. */
    Duration pause() {
        return backoff.next();
    }
}
