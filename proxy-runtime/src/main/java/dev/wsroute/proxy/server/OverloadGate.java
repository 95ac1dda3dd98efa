// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wsroute.proxy.admission.AdmissionControl;
import dev.wsroute.proxy.admission.StandingQueue;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.tcp.AcceptGate;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses clients of one listener while more connect than the proxy can serve: with 503, or with a reset where an answer would
 * need a TLS handshake first.
 */
final class OverloadGate implements AcceptGate {

    private static final String SENTENCE = "The proxy is overloaded.\n";

    private static final byte[] ANSWER =
            ("HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n"
                            + "content-length: " + SENTENCE.length()
                            + "\r\nretry-after: 1\r\nconnection: close\r\n\r\n"
                            + SENTENCE)
                    .getBytes(US_ASCII);

    private final StandingQueue queue;
    private final ByteBuffer answer =
            ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER).flip();
    private final BooleanSupplier secure;
    private final ProxyMetrics metrics;
    private final AdmissionControl admission;
    private final OverloadLog log;
    private final LongSupplier clock;

    /**
     * @param secure whether clients speak TLS now
     * @param clock as {@link System#nanoTime}
     */
    OverloadGate(
            BooleanSupplier secure,
            ProxyMetrics metrics,
            AdmissionControl admission,
            OverloadLog log,
            LongSupplier clock) {
        this.queue = new StandingQueue(clock.getAsLong());
        this.secure = secure;
        this.metrics = metrics;
        this.admission = admission;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public int excess(IntSupplier waiting) {
        long now = clock.getAsLong();
        boolean before = queue.isOverload();
        int excess = queue.excess(waiting, now);
        if (queue.isOverload() && !before) {
            log.begins(now);
        }
        return excess;
    }

    @Override
    public @Nullable ByteBuffer answer() {
        return secure.getAsBoolean() ? null : answer;
    }

    @Override
    public void refused(boolean answered) {
        metrics.refused(RefusalReason.OVERLOAD, answered ? HttpResponseStatus.SERVICE_UNAVAILABLE.code() : 0, "");
        admission.countRefusal();
        log.refused();
    }
}
