// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections wait for requests: those that have served one, and those that were opened in advance. */
@Tag("slow")
class KeepAliveTest extends ProxyTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final ClientAddressConfig BALANCER =
            new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled);

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
    }

    private void limit(Duration handshake, Duration keepAlive, ClientAddressConfig addresses) {
        proxy.apply(ProxyTerms.of(
                new LimitsConfig(null, null, null, null, handshake, keepAlive, null, null, null), addresses));
    }

    private RawPeer served() throws IOException {
        RawPeer client = open(proxy.connect());
        request(client);
        return client;
    }

    private void request(RawPeer client) throws IOException {
        client.send(GET);
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("connection: close");
    }

    @Test
    void byDefaultTheyWaitLongerThanLoadBalancersKeepThem() {
        assertThat(RequestLimits.of(LimitsConfig.DEFAULT).keepAliveTimeout()).isEqualTo(Duration.ofSeconds(75));
    }

    @Test
    void aConnectionWaitsForItsNextRequestForTheConfiguredTime() throws Exception {
        limit(LONG, SHORT, ClientAddressConfig.DEFAULT);

        assertThat(served().atEnd()).isTrue();
    }

    @Test
    void aConnectionThatHasServedWaitsLongerThanAHeadMayTake() throws Exception {
        limit(SHORT, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = served();

        RawPeer silent = open(proxy.connect());
        assertThat(silent.atEnd()).isTrue();

        request(client);
    }

    @Test
    void anEditHoldsFromTheNextWaitOn() throws Exception {
        limit(LONG, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = served();

        limit(LONG, SHORT, ClientAddressConfig.DEFAULT);
        request(client);

        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void aConnectionThatATrustedProxyOpensAheadWaitsForItsFirstRequestAsForOthers() throws Exception {
        limit(SHORT, LONG, BALANCER);
        RawPeer ahead = open(proxy.connect());
        await().until(() -> proxy.server().clientConnections() == 1);

        limit(SHORT, LONG, ClientAddressConfig.DEFAULT);
        RawPeer strangers = open(proxy.connect());
        assertThat(strangers.atEnd()).isTrue();

        request(ahead);
    }

    @Test
    void itsFirstRequestHasToComeInTimeOnceItHasBegun() throws Exception {
        limit(SHORT, LONG, BALANCER);
        RawPeer ahead = open(proxy.connect());

        ahead.send("GET / HTTP/1.1\r\nHost: a\r\n");

        assertThat(ahead.readHead()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void itIsClosedWithoutAResponseIfNoRequestArrives() throws Exception {
        limit(SHORT, Duration.ofMillis(400), BALANCER);

        assertThat(open(proxy.connect()).readToEnd()).isEmpty();
    }

    @Test
    void behindTheProxyProtocolItIsOneClientsAndWaitsAsBriefly() throws Exception {
        limit(SHORT, LONG, new ClientAddressConfig(BALANCER.trustedProxies(), ProxyProtocol.Accept));
        RawPeer client = open(proxy.connect());

        client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");

        assertThat(client.atEnd()).isTrue();
    }

    private void respond(RawPeer client) throws Exception {
        client.send(GET);
        answer();
    }

    private void answer() throws Exception {
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + "~".repeat(16384));
        assertThat(proxy.nextLogged().status()).isEqualTo(200);
    }

    /** Sends responses to a client that does not read, until they queue up in the proxy. Returns their number. */
    private int fillSocket(RawPeer client) throws Exception {
        int responses = 0;
        while (!isQueued()) {
            respond(client);
            responses++;
        }
        return responses;
    }

    /** Whether bytes are queued in the proxy, and remain queued while it serves other clients. */
    private boolean isQueued() throws Exception {
        for (int i = 0; i < 10; i++) {
            if (proxy.memory().buffers().budget().used() == 0) {
                return false;
            }
            // The peer's kernel may acknowledge bytes meanwhile, so that the socket accepts more.
            served().close();
            assertThat(proxy.nextLogged().status()).isEqualTo(204);
        }
        return true;
    }

    /** Reads a little at a time until several connections that started to wait later were closed as idle. */
    private String readSlowly(RawPeer client, int sent) throws Exception {
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            RawPeer idle = served();
            read.append(client.readText(sent / 1000));
            assertThat(idle.atEnd()).isTrue();
            read.append(client.readText(sent / 1000));
        }
        return read.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClientThatReadsSlowlyGetsAllBeforeTheWaitForItsNextRequestBegins(int pipelined) throws Exception {
        limit(LONG, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = open(RawPeer.connect(proxy.address(), 4096));
        int responses = fillSocket(client) + pipelined;
        limit(LONG, SHORT, ClientAddressConfig.DEFAULT);
        client.send(GET.repeat(pipelined));
        for (int i = 0; i < pipelined; i++) {
            answer();
        }

        String read = readSlowly(client, responses * 16384) + client.readToEnd();

        assertThat(read.chars().filter(c -> c == '~').count()).isEqualTo(responses * 16384L);
    }

    @Test
    void aClientThatTakesNothingOfItsResponseIsNotWaitedForWithoutEnd() throws Exception {
        limit(LONG, LONG, ClientAddressConfig.DEFAULT);
        RawPeer client = open(RawPeer.connect(proxy.address(), 4096));
        fillSocket(client);
        proxy.apply(ProxyTerms.DEFAULT.withLimits(
                RequestLimits.DEFAULT.withTimeouts(LONG, LONG, LONG).withStallTimeout(SHORT)));

        respond(client);

        await().until(() -> proxy.server().clientConnections() == 0);
    }
}
