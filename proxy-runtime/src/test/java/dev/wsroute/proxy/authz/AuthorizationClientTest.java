// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.testkit.AuthorizationService;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as an answer of the service, and as what. */
class AuthorizationClientTest extends ServiceFixture {

    @Test
    void theAnswerSaysWhoItIs() throws Exception {
        AuthorizationService service = saying(
                "204 No Content",
                "X-User: anna",
                "X-Other: no",
                "Set-Cookie: a=1",
                "Cache-Control: private, max-age=60");
        ClientFixture client = client(service);

        assertThat(client.answerTo("a=0"))
                .isEqualTo(new ServiceAnswer.Allowed(
                        List.of(new NameValue("X-User", "anna")), "anna", List.of("a=1"), 60, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 OK                    | allowed
        202 Accepted              | allowed
        401 Unauthorized          | 401
        403 Forbidden             | 403
        400 Bad Request           | UNEXPECTED_STATUS
        404 Not Found             | UNEXPECTED_STATUS
        304 Not Modified          | UNEXPECTED_STATUS
        500 Internal Server Error | SERVER_ERROR
        503 Service Unavailable   | SERVER_ERROR
        """)
    void theStatusDecides(String status, String outcome) throws Exception {
        AuthorizationService service = saying(status);
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo(outcome);
    }

    @Test
    void aRedirectIsARefusalWithTheSameLocation() throws Exception {
        AuthorizationService service = saying("302 Found", "Location: https://login.example.com/", "X-Secret: s");
        ClientFixture client = client(service);

        assertThat(client.answerTo("a"))
                .isEqualTo(new ServiceAnswer.Refused(
                        401, List.of(new NameValue("Location", "https://login.example.com/"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nX-User: a\rb\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-User: a\r\n folded: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX User: a\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-User: \0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
            })
    void garbageIsNoAnswer(String response) throws Exception {
        AuthorizationService service = answering(response);
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.endpoints.openLeases()).isZero();
        assertThat(client.memory.heads().used()).isZero();
    }

    @Test
    void aHugeHeadIsNoAnswer() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            String line = "X-Filler: " + "x".repeat(1000) + "\r\n";
            while (true) {
                write(out, line);
            }
        });
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
        await().untilAsserted(() -> assertThat(client.memory.heads().used()).isZero());
    }

    @Test
    void aResetIsNoAnswer() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            throw new IOException("reset");
        });
        ClientFixture client = client(service);

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
    }

    @Test
    void whoeverTakesTooLongDidNotAnswer() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            hold();
            return false;
        });
        ClientFixture client = hurried(service, 200);

        assertThat(client.outcomeOf("a")).isEqualTo("TOO_SLOW");

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.endpoints.openLeases()).isZero();
        release();
    }

    @Test
    void aDrippingHeadIsTooSlow() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nX: ");
            while (!isReleasedWithin(20)) {
                out.write('x');
                out.flush();
            }
            return false;
        });
        ClientFixture client = hurried(service, 300);

        assertThat(client.outcomeOf("a")).isEqualTo("TOO_SLOW");
        release();
    }

    @Test
    void nobodyListens() throws Exception {
        ClientFixture client = client(absent());

        assertThat(client.outcomeOf("a")).isEqualTo("UNREACHABLE");
        assertThat(client.endpoints.openLeases()).isZero();
    }

    @Test
    void aProxyWithoutMemoryDoesNotBlameTheService() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nX: half a head");
            hold();
            return false;
        });
        ClientFixture client = client(service);
        long all = client.memory.heads().capacity() - client.memory.heads().used();
        assertThat(client.memory.heads().reserve(all)).isTrue();

        assertThat(client.outcomeOf("a")).isEqualTo("NO_RESOURCES");
        release();

        assertThat(client.endpoints.notes()).doesNotContain("upgrade failed");
    }

    @Test
    void onlyFailuresOfTheServiceLetPassWithFailOpen() {
        assertThat(Arrays.stream(ServiceFailure.values()).filter(ServiceFailure::passesOpen))
                .containsExactlyInAnyOrder(
                        ServiceFailure.NO_ENDPOINT,
                        ServiceFailure.UNREACHABLE,
                        ServiceFailure.TOO_SLOW,
                        ServiceFailure.BROKEN,
                        ServiceFailure.SERVER_ERROR,
                        ServiceFailure.BREAKER);
    }
}
