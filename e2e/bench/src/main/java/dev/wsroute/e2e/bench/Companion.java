// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;

/** An activity during the measured interval, such as changes or an inspection of the proxy. */
interface Companion extends AutoCloseable {

    /** Starts it. The interval begins when this returns. */
    void begin() throws IOException, InterruptedException;

    /**
     * Ends it after the load has stopped.
     *
     * @return the given figures and its own
     */
    Measurement end(Measurement measured) throws IOException, InterruptedException;

    /** Ends it if it has not ended yet. */
    @Override
    void close();
}
