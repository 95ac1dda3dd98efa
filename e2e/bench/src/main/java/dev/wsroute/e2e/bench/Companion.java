// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;

/** What happens beside the load in just the interval that is measured, such as changes, or a look at the proxy. */
interface Companion extends AutoCloseable {

    /** Begins it; nothing moves before this returns. */
    void begin() throws IOException, InterruptedException;

    /**
     * Ends it, when the load has stopped.
     *
     * @return the figures that were measured, with its own
     */
    Measurement end(Measurement measured) throws IOException, InterruptedException;

    /** Ends it where it was not ended. */
    @Override
    void close();
}
