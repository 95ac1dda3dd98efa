// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;

/** Formats events on the calling thread and enqueues them. */
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final Encoder<ILoggingEvent> encoder;
    private final LineQueue queue;

    LineAppender(Encoder<ILoggingEvent> encoder, LineQueue queue) {
        this.encoder = encoder;
        this.queue = queue;
    }

    @Override
    protected void append(ILoggingEvent event) {
        try {
            queue.offer(encoder.encode(event));
        } catch (RuntimeException | Error e) {
            // A line that cannot be formatted must not end the task that logs it.
            queue.lost();
        }
    }
}
