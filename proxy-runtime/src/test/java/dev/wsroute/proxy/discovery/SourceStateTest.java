// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import static dev.wsroute.proxy.testkit.TestEndpoints.inZone;
import static dev.wsroute.proxy.testkit.TestEndpoints.key;
import static dev.wsroute.proxy.testkit.TestEndpoints.notReady;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SourceStateTest {

    private static final Duration CONFIRMATION = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ManualScheduler control = new ManualScheduler();
    private final Recorder recorded = new Recorder();
    private final SourceState state =
            new SourceState(new SourceKey.Slices("apps", "chat", "ws"), recorded, control, CONFIRMATION, PATIENCE);

    @Test
    void aTerminatingEndpointIsAnnouncedAtOnceAndOnlyOnce() {
        event(ready("a"), ready("b"));

        event(ready("a"), terminating("b", true));
        event(ready("a"), terminating("b", false));
        event(ready("a"));
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).containsExactly(key("b"));
    }

    @Test
    void anEndpointThatIsOnlyNotReadyIsNotAnnounced() {
        event(ready("a"), ready("b"));

        event(ready("a"), notReady("b"));
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void anotherZoneIsNewsAndNoReasonToLeave() {
        event(inZone("a", "here"), inZone("b", "here"));

        event(inZone("a", "here"), inZone("b", "there", "here"));
        control.advance(CONFIRMATION);

        assertThat(state.current().endpoints()).contains(inZone("b", "there", "here"));
        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void proxiesThatLeaveAreNotAnnouncedSinceNoConnectionGoesToThem() {
        SourceState proxies = new SourceState(
                new SourceKey.Proxies(new SourceKey.Slices("apps", "chat-proxy", "ws")),
                recorded,
                control,
                CONFIRMATION,
                PATIENCE);
        proxies.publish(List.of(ready("a"), ready("b"), ready("c")), Absence.TO_CONFIRM);

        proxies.publish(List.of(ready("a"), terminating("b", true)), Absence.TO_CONFIRM);
        control.advance(CONFIRMATION);

        assertThat(proxies.current().keys()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void anEndpointThatAWatchNoLongerShowsIsAnnouncedWhenThatLasts() {
        event(ready("a"), ready("b"));

        event(ready("a"));
        control.advance(CONFIRMATION.minusMillis(1));
        assertThat(recorded.leaving).isEmpty();
        control.advance(Duration.ofMillis(1));

        assertThat(recorded.leaving).containsExactly(key("b"));
    }

    @Test
    void anEndpointThatMovesBetweenSlicesIsNotAnnounced() {
        event(ready("a"), ready("b"));

        event(ready("a"));
        event(ready("a"), ready("b"));
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void allEndpointsVanishingAtOnceAnnouncesNone() {
        event(ready("a"), ready("b"));

        event();
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).isEmpty();
        assertThat(recorded.sets.get(recorded.sets.size() - 1)).isEqualTo(EndpointSet.EMPTY);
    }

    @Test
    void allEndpointsReplacedByOthersAreAnnounced() {
        event(ready("a"), ready("b"));

        event(ready("c"));
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).containsExactlyInAnyOrder(key("a"), key("b"));
    }

    @Test
    void anEndpointMissingFromARelistGetsNoNewConnectionsAndKeepsItsOldOnes() {
        event(ready("a"), ready("b"));

        state.publish(List.of(ready("a")), Absence.UNKNOWN);
        control.advance(CONFIRMATION);

        assertThat(recorded.leaving).isEmpty();
        assertThat(state.current().keys()).containsExactly(key("a"));
    }

    @Test
    void aRelistThatFindsNothingKeepsWhatWasKnown() {
        event(ready("a"), ready("b"));

        state.nothingKnown();
        control.advance(CONFIRMATION);

        assertThat(state.current().keys()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void endpointsThatReturnOneByOneAfterAnEmptyRelistAreNotAnnouncedAsLeaving() {
        event(ready("a"), ready("b"));
        state.nothingKnown();

        event(ready("a"));
        control.advance(CONFIRMATION);
        assertThat(recorded.leaving).isEmpty();

        event(ready("a"), ready("b"));
        event(ready("a"));
        control.advance(CONFIRMATION);
        assertThat(recorded.leaving).containsExactly(key("b"));
    }

    @Test
    void anEndpointRemovedFromTheDocumentIsAnnouncedAtOnceEvenIfItWasTheLast() {
        event(ready("a"));

        state.publish(List.of(), Absence.FINAL);

        assertThat(recorded.leaving).containsExactly(key("a"));
    }

    @Test
    void equalNewsAreNoNews() {
        event(ready("a"), ready("b"));
        event(ready("b"), ready("a"));

        assertThat(recorded.sets).hasSize(1);
    }

    @Test
    void theFirstWordSynchronisesEvenWhenThereIsNoEndpoint() {
        assertThat(state.synced()).isNotDone();

        event();

        assertThat(state.synced()).isDone();
    }

    @Test
    void aFirstAnswerThatKnowsNothingSynchronisesOnlyAfterAWhile() {
        state.nothingKnown();
        control.advance(PATIENCE.minusMillis(1));
        assertThat(state.synced()).isNotDone();

        state.nothingKnown();
        control.advance(Duration.ofMillis(1));

        assertThat(state.synced()).isDone();
    }

    @Test
    void slicesThatComeAfterAFirstAnswerThatKnewNothingSynchroniseAtOnce() {
        state.nothingKnown();

        event(ready("a"));

        assertThat(state.synced()).isDone();
    }

    @Test
    void whatWasKnownBeforeARestartCountsUntilThereIsNews() {
        state.restore(EndpointSet.of(List.of(ready("a"), ready("b"))));
        assertThat(state.synced()).isDone();

        state.publish(List.of(ready("b"), ready("c")), Absence.UNKNOWN);
        control.advance(CONFIRMATION);

        assertThat(state.current().keys()).containsExactlyInAnyOrder(key("b"), key("c"));
        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void aClosedSourceIsIgnored() {
        event(ready("a"), ready("b"));
        event(ready("a"));
        state.close();

        event(ready("c"));
        control.advance(CONFIRMATION);

        assertThat(recorded.sets).hasSize(2);
        assertThat(recorded.leaving).isEmpty();
    }

    @Test
    void theLogCallsAnEndpointAsEverybodyElseDoes() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(SourceState.class);
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try {
            event(ready("a"), ready("b"), ready("c"), ready("d"));
            event(ready("a"), terminating("b", true), ready("d"));
            control.advance(CONFIRMATION);
            state.publish(List.of(ready("a")), Absence.UNKNOWN);
        } finally {
            logger.setLevel(null);
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "endpointslices/apps/chat:ws: endpoint apps/pod-b (127.0.0.1:80) is terminating; draining"
                                + " its connections",
                        "endpointslices/apps/chat:ws: endpoint apps/pod-c (127.0.0.1:80) is gone; draining its"
                                + " connections",
                        "endpointslices/apps/chat:ws: no longer listed: [apps/pod-d (127.0.0.1:80)]; their"
                                + " connections stay open");
    }

    private void event(Endpoint... endpoints) {
        state.publish(List.of(endpoints), Absence.TO_CONFIRM);
    }

    private static final class Recorder implements EndpointListener {

        private final List<EndpointSet> sets = new ArrayList<>();
        private final List<EndpointKey> leaving = new ArrayList<>();

        @Override
        public void changed(SourceKey source, EndpointSet endpoints) {
            sets.add(endpoints);
        }

        @Override
        public void leaving(SourceKey source, EndpointKey endpoint) {
            leaving.add(endpoint);
        }
    }
}
