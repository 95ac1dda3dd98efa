// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and their responses. */
class RequestTest extends AdminTest {

    private final AtomicBoolean broken = new AtomicBoolean();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = started(server(slots(64, 8))
                .page("/query", Access.OPEN, query -> Answer.text(200, "asked for " + query))
                .page(
                        "/secret",
                        requester -> requester.relayed() ? Answer.text(403, "not by proxies") : null,
                        query -> Answer.text(200, "secret"))
                .page("/broken", Access.OPEN, query -> {
                    if (broken.get()) {
                        throw new StackOverflowError("for the test");
                    }
                    return Answer.text(200, "mended");
                }));
    }

    private String ask(String request) throws IOException {
        return open(RawClient.connect(server.address())).send(request).readToEnd();
    }

    @Test
    void aResponseHasTypeAndLengthAndEndsTheConnection() throws Exception {
        String answer = RawClient.get(server.address(), "/livez");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("Content-Length: 3\r\n")
                .contains("Connection: close\r\n")
                .endsWith("\r\n\r\nok\n");
    }

    @Test
    void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
        String answer = ask("HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Length: 3")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aPageIsGivenTheQueryAsReceived() throws Exception {
        assertThat(RawClient.get(server.address(), "/query?route=a%2Fb")).endsWith("asked for route=a%2Fb\n");
        assertThat(RawClient.get(server.address(), "/query")).endsWith("asked for null\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "405 | 'DELETE /livez HTTP/1.1\r\n\r\n'",
                "405 | 'POST /query HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello'",
                "404 | 'GET / HTTP/1.1\r\n\r\n'",
                "404 | 'GET /livez/x HTTP/1.1\r\n\r\n'",
                "404 | 'GET /%6civez HTTP/1.1\r\n\r\n'",
                "400 | 'nonsense\r\n\r\n'",
                "400 | 'GET /livez HTTP/1.1\r\nno colon\r\n\r\n'",
                "403 | 'GET /secret HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n'",
                "403 | 'GET /secret HTTP/1.1\r\nforwarded: for=192.0.2.1\r\n\r\n'",
                "403 | 'GET /secret HTTP/1.1\r\nVia: 1.1 proxy\r\n\r\n'",
                "200 | 'GET /secret HTTP/1.1\r\n\r\n'"
            })
    void invalidRequestsGetAnErrorStatus(int status, String request) throws Exception {
        assertThat(ask(request)).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "lines", "target", "no end of line"})
    void aHeadAboveTheLimitsIs431(String kind) throws Exception {
        String head =
                switch (kind) {
                    case "bytes" -> "GET /livez HTTP/1.1\r\nA: " + "a".repeat(9000);
                    case "lines" -> "GET /livez HTTP/1.1\r\n" + "a:\n".repeat(100);
                    case "target" -> "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n";
                    default -> "G".repeat(9000);
                };

        assertThat(ask(head)).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void aLargeHeadWithinTheLimitsIsAnswered() throws Exception {
        assertThat(ask("GET /livez HTTP/1.1\r\nAuthorization: " + "a".repeat(7000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void onlyTheFirstOfPipelinedRequestsIsAnswered() throws Exception {
        String answers = ask("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".repeat(300));

        assertThat(answers).containsOnlyOnce("HTTP/1.1").endsWith("ok\n");
    }

    @Test
    void aRequestMayArriveByteByByte() throws Exception {
        RawClient peer = open(RawClient.connect(server.address()));

        for (char c : "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
            peer.send(String.valueOf(c));
        }

        assertThat(peer.readToEnd()).startsWith("HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/query"})
    void aClientThatEndsItsStreamAfterTheRequestGetsAResponse(String path) throws Exception {
        RawClient peer = open(RawClient.connect(server.address())).send("GET " + path + " HTTP/1.1\r\n\r\n");

        peer.endOutput();

        assertThat(peer.readToEnd()).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void aPageThatFailsIs500AndIsAskedAgain() throws Exception {
        broken.set(true);
        assertThat(RawClient.get(server.address(), "/broken")).startsWith("HTTP/1.1 500 ");

        broken.set(false);

        assertThat(RawClient.get(server.address(), "/broken")).endsWith("mended\n");
    }

    @Test
    void aPortInUseIsReportedInASentence() {
        assertThatThrownBy(() -> server(slots(1, 1)).listen(server.address()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("The admin port cannot listen on 127\\.0\\.0\\.1:\\d+: .*in use.*");
    }

    @Test
    void itCanListenOnASecondAddress() throws Exception {
        AdminServer both = server(slots(64, 8));
        int port = both.address().getPort();
        InetSocketAddress second = both.listen(new InetSocketAddress("127.0.0.9", port));
        both.start();

        assertThat(RawClient.get(second, "/livez")).endsWith("ok\n");
        assertThat(RawClient.get(both.address(), "/livez")).endsWith("ok\n");
    }
}
