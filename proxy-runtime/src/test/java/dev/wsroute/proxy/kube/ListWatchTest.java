// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Log messages about an API that does not respond, with a manual clock. */
class ListWatchTest {

    private static final String CONFIG_MAP = "/api/v1/namespaces/apps/configmaps?";
    private static final String NAMED = "fieldSelector=metadata.name%3Dchat";
    private static final String WATCH =
            CONFIG_MAP + "allowWatchBookmarks=true&" + NAMED + "&resourceVersion=1&timeoutSeconds=600&watch=true";

    private final ScriptedApi api = new ScriptedApi();
    private final ManualScheduler worker = new ManualScheduler();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsroute.proxy.kube");
    private final ListWatch<DataObject> watch =
            new ListWatch<>("ConfigMap chat", api.client().configMap("apps", "chat"), new Unheard(), worker);

    private static final class Unheard implements ListWatch.Handler<DataObject> {

        @Override
        public void listed(List<DataObject> objects) {}

        @Override
        public void changed(DataObject object) {}

        @Override
        public void deleted(DataObject object) {}
    }

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger.setLevel(null);
        logger.detachAppender(lines);
        watch.close();
        api.close();
    }

    @Test
    void anUnavailableApiIsLoggedOnceAndNotAsAvailableBeforeItResponds() {
        api.list(CONFIG_MAP + NAMED, 200, "1", List.of());
        api.watchThatEnds(WATCH, "");
        watch.start();
        worker.advance(Duration.ZERO);
        await("the end of the watch").until(() -> worker.pending() == 2);

        api.refuse();
        // Long enough for the next periodic list, after which all earlier rounds are over.
        worker.advance(Duration.ofMinutes(20));

        assertThat(told()).singleElement().asString().contains("the Kubernetes API is not available");
    }

    private List<String> told() {
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
