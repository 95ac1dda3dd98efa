// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static dev.wsroute.e2e.scenario.LoggedClose.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.WebSocketConnection;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Settings of a rule that affect open connections. */
@Scenario
class ConnectionLifetimeIT {

    @Test
    @DisplayName("I2: connections that reach their age are closed with 1012, spread over the jitter")
    void anOldConnectionIsRenewed(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").rule("connections: {maxAge: 8s, maxAgeJitterPercent: 50}"))
                .awaitReady();
        ProxyLogs logs = space.follow(route);
        Fleet fleet = space.fleet(route.uri(), 60);

        List<Closure> closures = Closes.await(fleet.members());

        Closes.assertCode(closures, 1012);
        List<LoggedClose> logged = logs.await(60, because("max_age"));
        assertThat(logged).extracting(LoggedClose::lived).allMatch(age -> age.compareTo(Duration.ofSeconds(3)) > 0);
        List<Instant> times = logged.stream().map(LoggedClose::begun).sorted().toList();
        assertThat(Duration.between(times.get(0), times.get(times.size() - 1))).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    @DisplayName("I1, I2: a message over the size closes its connection with 1009, and no other")
    void aMessageIsTooBig(Space space) throws Exception {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").rule("connections: {maxMessageBytes: 1000}"))
                .awaitReady();
        Fleet fleet = space.fleet(route.uri(), 2);
        WebSocketConnection talker = fleet.members().get(0).connection();
        String fits = "x".repeat(1000);
        assertThat(talker.ask(fits).get(10, TimeUnit.SECONDS)).isEqualTo(fits);

        talker.send(fits + "x");

        assertThat(talker.closed().get(10, TimeUnit.SECONDS).code()).isEqualTo(1009);
        Closes.assertNone(fleet.members().subList(1, 2));

        route.apply(Spec.to("chat").rule("connections: {maxMessageBytes: 2000}"));
        route.awaitReady();
        WebSocketConnection next = space.fleet(route.uri(), 1).members().get(0).connection();
        assertThat(next.ask(fits + "x").get(10, TimeUnit.SECONDS)).hasSize(1001);
    }

    @Test
    void aSilentClientIsPingedAndItsBackendDoesNotNotice(Space space) throws Exception {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").rule("connections: {ping: {interval: 1s}}"))
                .awaitReady();
        Pings pings = new Pings();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(route.uri(), pings)
                .get(10, TimeUnit.SECONDS);

        await("three pings").until(() -> pings.seen.get() >= 3);
        assertThat(pings.other.get()).isZero();

        socket.sendText("still there", true).get(10, TimeUnit.SECONDS);
        await("the echo").until(() -> pings.other.get() == 1);
        socket.abort();
    }

    /** Counts pings, which Java's client answers by itself, and everything else. */
    private static final class Pings implements WebSocket.Listener {

        private final AtomicInteger seen = new AtomicInteger();
        private final AtomicInteger other = new AtomicInteger();

        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            seen.incrementAndGet();
            return WebSocket.Listener.super.onPing(socket, message);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            other.incrementAndGet();
            return WebSocket.Listener.super.onPong(socket, message);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            other.incrementAndGet();
            return WebSocket.Listener.super.onText(socket, data, last);
        }
    }
}
