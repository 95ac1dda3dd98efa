// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.admin.Answer;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.operator.admin.LoadPage.Load;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.route.ReportedLoads;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What other autoscalers can read. */
class LoadPageTest {

    private static final String TOKEN = "a-token-of-20-letters";

    private final LoadPage page = new LoadPage((namespace, route) -> switch (namespace + "/" + route) {
        case "apps/chat" -> Optional.of(new Load(212, 3));
        case "apps/broken" -> throw new IllegalStateException("the API is away");
        default -> Optional.empty();
    });

    @Test
    void itShowsTheConnectionsOfOneRoute() {
        Answer answer = page.answer("route=apps/chat");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo("{\"route\":\"apps/chat\",\"connections\":212,\"proxies\":3}\n");
        assertThat(page.answer("route=apps%2Fchat")).isEqualTo(answer);
    }

    @Test
    void withoutTheNumberItIsAnErrorAndNeverZero() {
        assertThat(page.answer("route=apps/other").status()).isEqualTo(404);
        assertThat(page.answer("route=apps/broken").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "route=chat", "route=apps/chat/more", "route=../chat", "name=apps/chat", "route=apps/Chat"})
    void otherQueriesAreRefused(String query) {
        assertThat(page.answer(query).status()).isEqualTo(400);
    }

    @Test
    void aReasonIsLoggedOnceAndAgainAfterANumberCouldBeRead() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LoadPage.class);
        log.start();
        logger.addAppender(log);
        try {
            page.answer("route=apps/broken");
            page.answer("route=apps/broken");
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("The load of routes cannot be read for autoscalers, who get 503: the API is away");

            page.answer("route=apps/chat");
            page.answer("route=apps/broken");
            assertThat(log.list).hasSize(2);
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void onlyTheReportsOfARouteCount() {
        try (MockApi api = MockApi.start()) {
            ReportedLoads loads = new ReportedLoads(api.client());
            assertThat(loads.of("apps", "chat")).isEmpty();
            report(api, "chat", Map.of("a", "{\"connections\":200}", "b", "{\"connections\":12}", "c", "nonsense"));
            report(api, "stranger", Map.of("a", "{\"connections\":200}"));

            assertThat(loads.of("apps", "chat")).hasValue(new ReportedLoads.Sum(212, 2));
            assertThat(loads.of("apps", "stranger")).isEmpty();
        }
    }

    @Test
    void itIsServedToThoseWithTheTokenAndNotAtAllWithoutATokenFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Metrics metrics = new Metrics(StandardStreams.to(OutputStream.nullOutputStream()));
        try (AdminPort port = AdminPort.open(any, Optional::empty, metrics, file, page)) {
            assertThat(get(port, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
            assertThat(get(port, "Bearer wrong").statusCode()).isEqualTo(401);
            assertThat(get(port, "Basic x").statusCode()).isEqualTo(401);
        }
        try (AdminPort port = AdminPort.open(any, Optional::empty, metrics)) {
            assertThat(get(port, "Bearer " + TOKEN).statusCode()).isEqualTo(404);
        }
        metrics.close();
    }

    private static void report(MockApi api, String route, Map<String, String> data) {
        api.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("apps")
                        .withName(route + "-proxy-report")
                        .addToLabels("wsroute.dev/route", "chat")
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    private static HttpResponse<String> get(AdminPort port, String authorization) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + port.address().getPort() + "/load?route=apps/chat"))
                                // What a proxy has passed on may come from any machine.
                                .header("Via", "1.1 somewhere")
                                .header("Authorization", authorization)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
