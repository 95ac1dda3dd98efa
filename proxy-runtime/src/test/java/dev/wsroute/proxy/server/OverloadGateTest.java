// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.admission.AdmissionControl;
import dev.wsroute.proxy.admission.Caps;
import dev.wsroute.proxy.admission.StandingQueue;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OverloadGateTest {

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final AdmissionControl admission = new AdmissionControl(() -> Caps.UNLIMITED);
    private final AtomicBoolean secure = new AtomicBoolean();
    private final AtomicLong now = new AtomicLong();
    private final OverloadGate gate = new OverloadGate(secure::get, metrics, admission, new OverloadLog(0), now::get);

    @Test
    void theAnswerIsACompleteResponseThatAsksToTryAgainLater() {
        ByteBuffer answer = Objects.requireNonNull(gate.answer()).duplicate();
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        String text = new String(bytes, US_ASCII);

        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        assertThat(text)
                .startsWith("HTTP/1.1 503 ")
                .contains("\r\nretry-after: 1\r\n", "\r\nconnection: close\r\n")
                .contains("\r\ncontent-length: " + body.length() + "\r\n")
                .endsWith("The proxy is overloaded.\n");
    }

    @Test
    void aTlsClientGetsNone() {
        secure.set(true);

        assertThat(gate.answer()).isNull();
    }

    @Test
    void refusalsAreCountedForMetricsAndAutoscaling() {
        gate.refused(true);
        gate.refused(false);

        assertThat(metrics.events()).containsExactly("refused overload 503 ''", "refused overload 0 ''");
        assertThat(admission.refused()).isEqualTo(2);
    }

    @Test
    void clientsThatWaitForLongAndDoNotBecomeFewerAreRefused() {
        int refused = 0;
        for (int millis = 0; millis < 3_000; millis++) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            refused += gate.excess(() -> 5 * StandingQueue.TOLERATED);
        }

        assertThat(refused).isPositive();
    }
}
