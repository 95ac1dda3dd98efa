// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Writes to a {@link WriteQueue}. All methods are called on the event loop. */
interface WireEncoder {

    /** Sends a part of {@code from}, and queues what the socket does not take. */
    void write(ByteBuf from, int start, int end) throws IOException;

    /** What is written next may wait for {@link #writeEnd} or {@link #flush}, one of which follows at once. */
    default void holdBack() {}

    /** Sends what was held back. */
    default void flush() throws IOException {}

    /** Sends what the protocol says at the end of the output. Nothing is written after it. */
    default void writeEnd() throws IOException {}
}
