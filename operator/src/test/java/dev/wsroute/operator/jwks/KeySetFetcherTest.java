// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import dev.wsroute.operator.jwks.NastyServer.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer, or do not. */
@Tag("slow")
class KeySetFetcherTest extends KeySetFetchFixture {

    @Test
    void returnsWhatTheServerAnswers() throws Exception {
        try (NastyServer server =
                new NastyServer(sound, NastyServer.ok("{\"keys\":\"é\"}", "Cache-Control: max-age=600"))) {
            assertThat(fetch(server, PATIENT)).isEqualTo(new Answered("{\"keys\":\"é\"}", Duration.ofMinutes(10)));

            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringNewLines("GET /keys?a=b HTTP/1.1\nhost: " + HOST + ":" + server.port()
                            + "\nuser-agent: wsroute-operator\naccept: application/jwk-set+json, application/json\n"
                            + "accept-encoding: identity\nconnection: close\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/octet-stream", "image/png"})
    void theContentCountsAndNotItsType(String type) throws Exception {
        assertThat(fetch(NastyServer.ok("{}", "Content-Type: " + type))).isEqualTo(new Answered("{}", null));
    }

    @Test
    void acceptsChunksInterimAnswersAndAnEndByTheConnection() throws Exception {
        assertThat(fetch(NastyServer.saying(
                        "HTTP/1.1 103 Early Hints",
                        "Link: </a>",
                        "",
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "",
                        "2;x=y",
                        "ab",
                        "1",
                        "c",
                        "0",
                        "Trailer: 1",
                        "",
                        "")))
                .isEqualTo(new Answered("abc", null));
        assertThat(fetch(NastyServer.saying("HTTP/1.1 200 OK", "", "abc"))).isEqualTo(new Answered("abc", null));
    }

    static Stream<Arguments> answers() {
        String endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                with(
                        "a redirect to metadata",
                        NastyServer.saying(
                                "HTTP/1.1 302 Found",
                                "Location: http://169.254.169.254/latest/",
                                "Content-Length: 0",
                                "",
                                ""),
                        "the host answers with status 302, and redirects are not followed"),
                with(
                        "500",
                        NastyServer.saying("HTTP/1.1 500 Oops", "Content-Length: 6", "", "secret"),
                        "the host answers with status 500"),
                with(
                        "404",
                        NastyServer.saying("HTTP/1.1 404 Not Found", "Content-Length: 0", "", ""),
                        "the host answers with status 404"),
                with(
                        "101",
                        NastyServer.saying(
                                "HTTP/1.1 101 Switching Protocols", "Upgrade: h2c", "Connection: Upgrade", "", ""),
                        "the host answers with status 101"),
                with(
                        "an announced gigabyte",
                        NastyServer.gigabyte("HTTP/1.1 200 OK\r\nContent-Length: 1073741824", false),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a gigabyte until the end",
                        NastyServer.gigabyte("HTTP/1.1 200 OK", false),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a gigabyte in chunks",
                        NastyServer.gigabyte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", true),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a chunk of two gigabytes",
                        NastyServer.repeating(endless + "7ffffff0\r\n", "x".repeat(1000)),
                        AnswerHandler.TOO_LARGE),
                with(
                        "endless interim answers",
                        NastyServer.repeating("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(40)),
                        AnswerHandler.TOO_LARGE),
                with(
                        "endless headers",
                        NastyServer.repeating("HTTP/1.1 200 OK\r\n", "X-Header: value\r\n".repeat(40)),
                        "the answer is not HTTP/1.1"),
                with(
                        "an endless line",
                        NastyServer.repeating("HTTP/1.1 200 ", "x".repeat(1000)),
                        "the answer is not HTTP/1.1"),
                with(
                        "endless trailers",
                        NastyServer.repeating(endless + "0\r\n", "X-Trailer: value\r\n".repeat(40)),
                        "the answer is not HTTP/1.1"),
                with("no HTTP", NastyServer.saying("SSH-2.0-OpenSSH_9.6", "", ""), "the answer is not HTTP/1.1"),
                with("HTTP/2 only", NastyServer.saying("\0\0\0\u0004\0\0\0\0\0", ""), "the answer is not HTTP/1.1"),
                with(
                        "a compressed answer",
                        NastyServer.saying(
                                "HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Length: 2", "", "\u001f\u008b"),
                        "the answer is compressed, which was not asked for"),
                with(
                        "no UTF-8",
                        NastyServer.saying("HTTP/1.1 200 OK", "Content-Length: 2", "", "\u00ff\u00fe"),
                        "the answer is not text in UTF-8"),
                with(
                        "the end at once",
                        NastyServer.saying(""),
                        "the host closed the connection before its answer was complete"),
                with(
                        "half an answer",
                        NastyServer.saying("HTTP/1.1 200 OK", "Content-Length: 10", "", "{}"),
                        "the host closed the connection before its answer was complete"));
    }

    private static Arguments with(String name, Answer answer, String why) {
        return Arguments.of(name, answer, why);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerThatIsNoneFails(String name, Answer answer, String why) throws Exception {
        try (NastyServer server = new NastyServer(sound, answer)) {
            assertThat(fetch(server, PATIENT)).isEqualTo(new Failed(Reason.ANSWER, why));

            assertThat(server.accepted()).isEqualTo(1);
            // What the sockets' buffers take in addition depends on the machine.
            assertThat(server.sent()).isLessThan(16 * 1024 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"})
    void aHostThatHangsCostsTheDeadline(String head) throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.hangingAfter(head))) {
            assertThat(fetch(server, SHORT))
                    .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
        }
    }

    @Test
    void soDoesOneThatNeverAnswersTheClientHello() throws Exception {
        try (NastyServer server = new NastyServer(null, NastyServer.hangingAfter(""))) {
            assertThat(fetch(server, SHORT))
                    .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
        }
    }

    @Test
    void soDoesOneWhoseNameServerHangs() throws Exception {
        CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();

        new KeySetFetcher(LOOP, (host, absolute, answer) -> {}, AllowedHosts.NONE, VERIFICATION, SHORT)
                .fetch(JwksUri.of("https://idp.example.com").orElseThrow(), trust, outcome::complete);

        assertThat(outcome.get(1, TimeUnit.MINUTES))
                .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
    }
}
