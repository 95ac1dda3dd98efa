// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

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
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ManualScheduler control = new ManualScheduler();
    private final Heard heard = new Heard();
    private final SourceState state =
            new SourceState(new SourceKey.Slices("apps", "chat", "ws"), heard, control, CONFIRMATION, PATIENCE);

    @Test
    void a_terminating_endpoint_is_announced_at_once_and_only_once() {
        event(ready("a"), ready("b"));

        event(ready("a"), terminating("b", true));
        event(ready("a"), terminating("b", false));
        event(ready("a"));
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).containsExactly(key("b"));
    }

    @Test
    void an_endpoint_that_is_only_not_ready_is_not_announced() {
        event(ready("a"), ready("b"));

        event(ready("a"), notReady("b"));
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).isEmpty();
    }

    @Test
    void an_endpoint_that_a_watch_no_longer_shows_is_announced_when_that_lasts() {
        event(ready("a"), ready("b"));

        event(ready("a"));
        control.advance(CONFIRMATION.minusMillis(1));
        assertThat(heard.leaving).isEmpty();
        control.advance(Duration.ofMillis(1));

        assertThat(heard.leaving).containsExactly(key("b"));
    }

    @Test
    void an_endpoint_that_moves_between_slices_is_not_announced() {
        event(ready("a"), ready("b"));

        event(ready("a"));
        event(ready("a"), ready("b"));
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).isEmpty();
    }

    @Test
    void all_endpoints_vanishing_at_once_announces_none() {
        event(ready("a"), ready("b"));

        event();
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).isEmpty();
        assertThat(heard.sets.get(heard.sets.size() - 1)).isEqualTo(EndpointSet.EMPTY);
    }

    @Test
    void all_endpoints_replaced_by_others_are_announced() {
        event(ready("a"), ready("b"));

        event(ready("c"));
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).containsExactlyInAnyOrder(key("a"), key("b"));
    }

    @Test
    void what_a_relist_lacks_takes_no_new_connection_and_keeps_its_old_ones() {
        event(ready("a"), ready("b"));

        state.publish(List.of(ready("a")), Absence.UNKNOWN);
        control.advance(CONFIRMATION);

        assertThat(heard.leaving).isEmpty();
        assertThat(state.current().keys()).containsExactly(key("a"));
    }

    @Test
    void a_relist_that_finds_nothing_keeps_what_was_known() {
        event(ready("a"), ready("b"));

        state.nothingKnown();
        control.advance(CONFIRMATION);

        assertThat(state.current().keys()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(heard.leaving).isEmpty();
    }

    @Test
    void what_comes_back_piece_by_piece_after_a_relist_that_found_nothing_announces_none() {
        event(ready("a"), ready("b"));
        state.nothingKnown();

        event(ready("a"));
        control.advance(CONFIRMATION);
        assertThat(heard.leaving).isEmpty();

        event(ready("a"), ready("b"));
        event(ready("a"));
        control.advance(CONFIRMATION);
        assertThat(heard.leaving).containsExactly(key("b"));
    }

    @Test
    void an_endpoint_taken_out_of_the_document_is_announced_at_once_even_if_it_was_the_last() {
        event(ready("a"));

        state.publish(List.of(), Absence.FINAL);

        assertThat(heard.leaving).containsExactly(key("a"));
    }

    @Test
    void equal_news_are_no_news() {
        event(ready("a"), ready("b"));
        event(ready("b"), ready("a"));

        assertThat(heard.sets).hasSize(1);
    }

    @Test
    void the_first_word_synchronises_even_when_there_is_no_endpoint() {
        assertThat(state.synced()).isNotDone();

        event();

        assertThat(state.synced()).isDone();
    }

    @Test
    void a_first_answer_that_knows_nothing_synchronises_only_after_a_while() {
        state.nothingKnown();
        control.advance(PATIENCE.minusMillis(1));
        assertThat(state.synced()).isNotDone();

        state.nothingKnown();
        control.advance(Duration.ofMillis(1));

        assertThat(state.synced()).isDone();
    }

    @Test
    void slices_that_come_after_a_first_answer_that_knew_nothing_synchronise_at_once() {
        state.nothingKnown();

        event(ready("a"));

        assertThat(state.synced()).isDone();
    }

    @Test
    void what_was_known_before_a_restart_counts_until_there_is_news() {
        state.restore(EndpointSet.of(List.of(ready("a"), ready("b"))));
        assertThat(state.synced()).isDone();

        state.publish(List.of(ready("b"), ready("c")), Absence.UNKNOWN);
        control.advance(CONFIRMATION);

        assertThat(state.current().keys()).containsExactlyInAnyOrder(key("b"), key("c"));
        assertThat(heard.leaving).isEmpty();
    }

    @Test
    void a_closed_source_is_not_heard() {
        event(ready("a"), ready("b"));
        event(ready("a"));
        state.close();

        event(ready("c"));
        control.advance(CONFIRMATION);

        assertThat(heard.sets).hasSize(2);
        assertThat(heard.leaving).isEmpty();
    }

    @Test
    void the_log_calls_an_endpoint_as_everybody_else_does() {
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

    private static final class Heard implements EndpointListener {

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
