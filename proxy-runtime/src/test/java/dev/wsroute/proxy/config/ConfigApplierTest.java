// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.listed;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.proxy.snapshot.Snapshot;
import dev.wsroute.proxy.testkit.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ConfigApplierTest extends ConfigFixture {

    @Test
    void aDocumentIsServedOnceItIsApplied() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void aBadDocumentIsRefusedWholeAndTheGoodOneStays() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", -1, "10.0.0.2:80"))))));
        applier.offer(new ConfigText("{\"listeners\":[", DocumentFormat.JSON, false));

        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        assertThat(outcomes.get(1))
                .isEqualTo("INVALID 2: routes[0].rules[0].backends[0].weight must be between 0 and 1000000, got -1");
        assertThat(outcomes.get(2)).startsWith("INVALID -: The document is not valid JSON");
    }

    @Test
    void aDocumentThatAsksForWhatThisProcessCannotDoIsRefusedWithASentence() {
        applier.addCheck(config -> "this process cannot do that");

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        assertThat(outcomes).containsExactly("INVALID 2: this process cannot do that");
        assertThat(target("any", "/")).isNull();
    }

    @Test
    void aDocumentWithMoreConnectionsThanTheMemoryHasRoomForIsRefusedAndTheGoodOneStays() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(
                2,
                ProxyConfig.named("test")
                        .listeners(config().listeners())
                        .limits(new LimitsConfig(1001, null, null, null, null, null, null, null, null))
                        .build()));

        assertThat(outcomes.get(1))
                .isEqualTo("INVALID 2: limits.connectionsPerProxy is 1001, but only 1000 connections fit in the memory"
                        + " of this proxy: give it more memory, or lower the limit");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }

    @Test
    void theSameDocumentAgainAfterABadOneClearsTheRefusal() {
        ConfigText good = text(1, config(route("r", List.of(), rule("all", List.of()))));
        applier.offer(good);
        applier.offer(good);
        applier.offer(new ConfigText("{", DocumentFormat.JSON, false));

        applier.offer(good);

        assertThat(outcomes).hasSize(3).last().isEqualTo("applied 1");
        assertThat(listeners.applied).hasSize(1);
    }

    @Test
    void aSocketThatCannotBeOpenedRefusesTheDocument() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));
        listeners.failure = "the port is taken";

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));

        assertThat(outcomes).containsExactly("applied 1", "LISTENER 2: the port is taken");
        assertThat(Objects.requireNonNull(active.current()).version().generation())
                .isEqualTo(1);
    }

    @Test
    void aDocumentDuringTheShutdownIsNeitherAppliedNorRefused() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.freeze();
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));
        applier.offer(new ConfigText("{", DocumentFormat.JSON, false));

        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }

    @Test
    void aShutdownAmidADocumentIsNoRefusalOfIt() {
        listeners.failure = "the proxy shuts down";
        listeners.onPrepare = applier::freeze;
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of())))));

        listeners.onPrepare = () -> {
            applier.freeze();
            throw new RejectedExecutionException();
        };
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of())))));

        assertThat(outcomes).isEmpty();
    }

    @Test
    void socketsAcceptOnceAllOfTheDocumentIsInForce() {
        ProxyConfig strict = ProxyConfig.named("p")
                .listeners(List.of(ListenerConfig.http("http", null, 8080)))
                .clientAddress(new ClientAddressConfig(List.of("10.0.0.0/8"), ProxyProtocol.Require))
                .routes(List.of(route("r", List.of(), rule("all", List.of()))))
                .build();

        applier.offer(text(1, strict));

        assertThat(listeners.bound).containsExactly(Snapshot.EMPTY);
        assertThat(listeners.accepting).hasSize(1);
        Snapshot accepted = listeners.accepting.get(0);
        assertThat(accepted.terms().trust().proxyProtocol()).isEqualTo(ProxyProtocol.Require);
        assertThat(accepted.router().route(new Facts("any", "/"))).isNotNull();
    }

    @Test
    void aSocketThatCannotBeOpenedIsRetriedWithBackoffAndReportedOnce() {
        listeners.failure = "the port is taken";
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        control.advance(Duration.ofSeconds(16));
        assertThat(listeners.attempts).isEqualTo(5);
        control.advance(Duration.ofMinutes(10));
        assertThat(listeners.attempts).isBetween(24, 26);
        listeners.failure = null;
        control.advance(Duration.ofSeconds(30));

        assertThat(outcomes).containsExactly("LISTENER 1: the port is taken", "applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        control.advance(Duration.ofMinutes(10));
        assertThat(listeners.applied).hasSize(1);
    }

    @Test
    void theReportedRefusalIsBoundedWhateverTheDocumentQuotes() {
        listeners.failure = "x".repeat(1_000_000);

        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of())))));

        assertThat(outcomes).singleElement().asString().hasSizeLessThan(2600);
    }

    @Test
    void aNewerDocumentEndsTheAttemptsForTheOneBefore() {
        ConfigText good = text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80")))));
        applier.offer(good);
        listeners.failure = "the port is taken";
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));
        listeners.failure = null;

        applier.offer(good);
        control.advance(Duration.ofMinutes(10));

        assertThat(outcomes).containsExactly("applied 1", "LISTENER 2: the port is taken", "applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }
}
