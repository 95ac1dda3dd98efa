// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.AuthorizationService;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections to the service are used, and when they end. */
class ServiceConnectionsTest extends ServiceFixture {

    @Test
    void oneConnectionCarriesOneSubrequestAfterAnother() throws Exception {
        AuthorizationService service = answering(OK);
        ClientFixture client = client(service);

        for (int i = 0; i < 5; i++) {
            assertThat(client.outcomeOf("user=" + i)).isEqualTo("allowed");
        }

        assertThat(service.asked()).hasSize(5);
        assertThat(service.connections()).isOne();
        assertThat(service.asked().get(4).requestLine()).isEqualTo("GET /verify HTTP/1.1");
        assertThat(service.asked().get(4).header("Host")).isEqualTo("chat.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n"
            })
    void allKindsOfAnswersLeaveTheConnectionUsable(String response) throws Exception {
        AuthorizationService service = answering(response);
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.connections()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void anAnswerThatEndsTheConnectionIsTheLastOnIt(String response) throws Exception {
        AuthorizationService service = answering(response);
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.connections()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }

    @Test
    void aBodyThatLastsUntilTheEndOfTheConnectionIsNotWaitedFor() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n\r\nhalf");
            hold();
            return false;
        });
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        release();

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }

    @Test
    void anEndlessBodyClosesTheConnection() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AuthorizationService service = doing((asked, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
            while (true) {
                write(out, chunk);
                written.addAndGet(4096);
            }
        });
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");

        await().untilAsserted(() -> assertThat(service.openConnections()).isZero());
        assertThat(client.openConnections()).isZero();
        assertThat(written.get()).isGreaterThan(ServiceConnection.LONGEST_BODY);
    }

    @Test
    void bytesThatNobodyAskedForEndTheConnection() throws Exception {
        AuthorizationService service = answering(OK + AuthorizationService.response("200 OK", "X-User: other"));
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        service.behave(AuthorizationService.saying(AuthorizationService.response("403 Forbidden")));

        assertThat(client.outcomeOf("b")).isEqualTo("403");
    }

    @Test
    void aConnectionThatTheServiceHasClosedIsReplacedOnce() throws Exception {
        AuthorizationService service = answering(OK);
        ClientFixture client = client(service);
        client.answerTo("a");
        // As if both crossed: the service closes when it reads the next subrequest.
        service.behave((asked, out) -> {
            if (asked.connection() == 0) {
                return false;
            }
            return AuthorizationService.saying(OK).answer(asked, out);
        });

        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.asked()).hasSize(3);
        assertThat(service.connections()).isEqualTo(2);
    }

    @Test
    void aFreshConnectionThatEndsIsNotReplaced() throws Exception {
        AuthorizationService service = doing((asked, out) -> false);
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");

        assertThat(service.asked()).hasSize(1);
    }

    @Test
    void idleConnectionsThatTheServiceClosesAreForgotten() throws Exception {
        AuthorizationService service = answering(OK);
        ClientFixture client = client(service);
        client.answerTo("a");

        service.closeConnections();

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");
        assertThat(client.endpoints.notes()).doesNotContain("upgrade failed");
    }

    @Test
    void idleConnectionsAreClosedAfterAWhile() throws Exception {
        AuthorizationService service = answering(OK);
        ClientFixture client =
                limited(service, new ClientLimits(4, 2, Duration.ofMillis(50), 10, 1 << 20, 10, 10, 10_000));

        client.answerTo("a");

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }
}
