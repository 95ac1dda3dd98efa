// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelEnd;
import dev.wsroute.proxy.relay.TunnelState.Finished;
import org.junit.jupiter.api.Test;

class TunnelStateTest {

    private final TunnelState open = new TunnelState.Open();

    @Test
    void theFirstThingThatHappenedIsTold() {
        TunnelState state = open.peerEnds(TunnelEnd.BACKEND_CLOSED, 1000)
                .peerEnds(TunnelEnd.CLIENT_CLOSED, 1001)
                .proxyCloses(CloseReason.IDLE);

        assertThat(state.finishes()).isEqualTo(new Finished(TunnelEnd.BACKEND_CLOSED, 1000, CloseReason.IDLE));
    }

    @Test
    void aCloseCodeThatComesLaterCompletesAnEndWithoutOne() {
        TunnelState state = open.peerEnds(TunnelEnd.CLIENT_GONE, -1).peerEnds(TunnelEnd.BACKEND_CLOSED, 1000);

        assertThat(state.finishes()).isEqualTo(new Finished(TunnelEnd.CLIENT_GONE, 1000, null));
    }

    @Test
    void theFirstResetIsToldWhateverHappenedBefore() {
        TunnelState state = open.proxyCloses(CloseReason.MAX_AGE)
                .resets(TunnelEnd.RESET_AFTER_WRITE_STALL)
                .resets(TunnelEnd.RESET_AFTER_CLOSE_TIMEOUT);

        assertThat(state.finishes())
                .isEqualTo(new Finished(TunnelEnd.RESET_AFTER_WRITE_STALL, 1012, CloseReason.MAX_AGE));
    }

    @Test
    void theProxyClosesOnce() {
        TunnelState closing = open.proxyCloses(CloseReason.ROUTE_REMOVED);

        assertThat(open.mayClose()).isTrue();
        assertThat(open.peerEnds(TunnelEnd.CLIENT_CLOSED, 1000).mayClose()).isTrue();
        assertThat(open.resets(TunnelEnd.RESET_CLIENT_SILENT).mayClose()).isTrue();
        assertThat(closing.mayClose()).isFalse();
        assertThat(closing.proxyCloses(CloseReason.IDLE)).isEqualTo(closing);
        assertThat(closing.resets(TunnelEnd.RESET_MID_FRAME).mayClose()).isFalse();
    }

    @Test
    void theSideThatIsLeftAfterAResetMayBeAskedToClose() {
        TunnelState state = open.resets(TunnelEnd.RESET_CLIENT_SILENT).proxyCloses(CloseReason.BACKEND_LEAVING);

        assertThat(state.finishes())
                .isEqualTo(new Finished(TunnelEnd.RESET_CLIENT_SILENT, 1012, CloseReason.BACKEND_LEAVING));
    }

    @Test
    void nothingChangesWhatIsFinished() {
        Finished finished = open.finishes();

        assertThat(finished).isEqualTo(new Finished(TunnelEnd.CLIENT_GONE, -1, null));
        assertThat(finished.peerEnds(TunnelEnd.CLIENT_CLOSED, 1000)).isEqualTo(finished);
        assertThat(finished.proxyCloses(CloseReason.IDLE)).isEqualTo(finished);
        assertThat(finished.resets(TunnelEnd.RESET_AFTER_ERROR)).isEqualTo(finished);
        assertThat(finished.mayClose()).isFalse();
    }
}
