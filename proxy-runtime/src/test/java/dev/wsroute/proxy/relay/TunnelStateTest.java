// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.relay.TunnelState.Finished;
import org.junit.jupiter.api.Test;

class TunnelStateTest {

    private final TunnelState open = new TunnelState.Open();

    @Test
    void theFirstEventIsReported() {
        TunnelState state = open.peerEnds(TunnelOutcome.BACKEND_CLOSED, 1000)
                .peerEnds(TunnelOutcome.CLIENT_CLOSED, 1001)
                .proxyCloses(CloseReason.IDLE, CloseReason.IDLE.code());

        assertThat(state.finishes()).isEqualTo(new Finished(TunnelOutcome.BACKEND_CLOSED, 1000, CloseReason.IDLE));
    }

    @Test
    void aLaterCloseCodeCompletesAnEndWithoutOne() {
        TunnelState state = open.peerEnds(TunnelOutcome.CLIENT_GONE, -1).peerEnds(TunnelOutcome.BACKEND_CLOSED, 1000);

        assertThat(state.finishes()).isEqualTo(new Finished(TunnelOutcome.CLIENT_GONE, 1000, null));
    }

    @Test
    void theFirstResetIsReportedWhateverHappenedBefore() {
        TunnelState state = open.proxyCloses(CloseReason.MAX_AGE, CloseReason.MAX_AGE.code())
                .resets(TunnelOutcome.RESET_AFTER_WRITE_STALL)
                .resets(TunnelOutcome.RESET_AFTER_CLOSE_TIMEOUT);

        assertThat(state.finishes())
                .isEqualTo(new Finished(TunnelOutcome.RESET_AFTER_WRITE_STALL, 1012, CloseReason.MAX_AGE));
    }

    @Test
    void theProxyClosesOnce() {
        TunnelState closing = open.proxyCloses(CloseReason.ROUTE_REMOVED, CloseReason.ROUTE_REMOVED.code());

        assertThat(open.mayClose()).isTrue();
        assertThat(open.peerEnds(TunnelOutcome.CLIENT_CLOSED, 1000).mayClose()).isTrue();
        assertThat(open.resets(TunnelOutcome.RESET_CLIENT_SILENT).mayClose()).isTrue();
        assertThat(closing.mayClose()).isFalse();
        assertThat(closing.proxyCloses(CloseReason.IDLE, CloseReason.IDLE.code()))
                .isEqualTo(closing);
        assertThat(closing.resets(TunnelOutcome.RESET_MID_FRAME).mayClose()).isFalse();
    }

    @Test
    void afterAResetTheOtherSideMayBeClosed() {
        TunnelState state = open.resets(TunnelOutcome.RESET_CLIENT_SILENT)
                .proxyCloses(CloseReason.BACKEND_LEAVING, CloseReason.BACKEND_LEAVING.code());

        assertThat(state.finishes())
                .isEqualTo(new Finished(TunnelOutcome.RESET_CLIENT_SILENT, 1012, CloseReason.BACKEND_LEAVING));
    }

    @Test
    void aFinishedStateNeverChanges() {
        Finished finished = open.finishes();

        assertThat(finished).isEqualTo(new Finished(TunnelOutcome.CLIENT_GONE, -1, null));
        assertThat(finished.peerEnds(TunnelOutcome.CLIENT_CLOSED, 1000)).isEqualTo(finished);
        assertThat(finished.proxyCloses(CloseReason.IDLE, CloseReason.IDLE.code()))
                .isEqualTo(finished);
        assertThat(finished.resets(TunnelOutcome.RESET_AFTER_ERROR)).isEqualTo(finished);
        assertThat(finished.mayClose()).isFalse();
    }
}
