// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.ScriptedApi;
import dev.wsroute.proxy.testkit.Slices;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy in zone {@code here} with a backend here and one elsewhere. All on real sockets; zones come from the API. */
@Tag("slow")
class PreferSameZoneTest extends ProxyTest {

    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/apps/endpointslices?";
    private static final String SELECTOR = "labelSelector=kubernetes.io%2Fservice-name%3D";
    private static final String ALONE = "ws=9000 | own@127.0.0.2#here";
    private static final String TWO = "ws=9000 | own@127.0.0.2#here other@127.0.0.3#there";

    @TempDir
    private Path folder;

    private EchoServer here;
    private EchoServer there;
    private final ScriptedApi api = open(new ScriptedApi());
    private final BlockingQueue<String> proxyEvents = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> backendEvents = new LinkedBlockingQueue<>();

    @BeforeEach
    void backends() throws IOException {
        here = open(new EchoServer("here"));
        there = open(new EchoServer("there"));
    }

    @Test
    void theZoneTakesWhatItsEndpointsCanAndAllOnceProxiesRunElsewhere() throws Exception {
        serve("chat", backendEvents, here.slice("here"), there.slice("there"));
        serve("chat-proxy", proxyEvents, Slices.slice("p", ALONE));
        ProxyProgram proxy = program(api.port());

        // All proxies are here, and half of the endpoints.
        assertThat(here.after(proxy, 100)).isBetween(47, 53);
        RawPeer elsewhere = openAt(proxy, "there");

        proxyEvents.add(modified("p", TWO));
        await().until(() -> config(proxy).contains("\"ownZonePercent\" : 100"));
        assertThat(here.after(proxy, 20)).isEqualTo(20);

        assertThat(echo(elsewhere)).isEqualTo("there");
        assertThat(proxy.admin("/metrics").body())
                .contains("wsroute_zone_connections_opened_total{backend=\"b\",route=\"r\",zone=\"same\"}")
                .contains("wsroute_zone_connections_opened_total{backend=\"b\",route=\"r\",zone=\"other\"}");
        assertThat(proxy.admin("/config").body())
                .contains("\"zone\" : \"here\"")
                .contains("\"zone\" : \"there\"");
    }

    @Test
    void hintsCountOnceEveryEndpointHasSome() throws Exception {
        serve("chat", backendEvents, here.slice("here"), there.slice("there"));
        serve("chat-proxy", proxyEvents, Slices.slice("p", TWO));
        ProxyProgram proxy = program(api.port());
        RawPeer open = openAt(proxy, "here");

        backendEvents.add(ScriptedApi.event("MODIFIED", Slices.json(there.slice("there>here"), "2")));
        await().until(() -> config(proxy).contains("ownZonePercent"));
        assertThat(here.after(proxy, 10)).isEqualTo(10);
        backendEvents.add(ScriptedApi.event("MODIFIED", Slices.json(here.slice("here>there"), "3")));
        await().until(() -> here.after(proxy, 1) == 0);

        assertThat(here.after(proxy, 10)).isZero();
        assertThat(echo(open)).isEqualTo("here");
    }

    @Test
    void othersServeWhileTheZoneDoesNot() throws Exception {
        serve("chat", backendEvents, here.slice("here"), there.slice("there"));
        serve("chat-proxy", proxyEvents, Slices.slice("p", TWO));
        ProxyProgram proxy = program(api.port());
        assertThat(here.after(proxy, 10)).isEqualTo(10);

        here.close();
        for (int i = 0; i < 10; i++) {
            try (RawPeer client = webSocket(proxy)) {
                assertThat(echo(client)).isEqualTo("there");
            }
        }

        assertThat(proxy.admin("/metrics").body())
                .contains("wsroute_connect_retries_total{backend=\"b\",route=\"r\"} 3.0\n")
                .contains("wsroute_ejections_total{backend=\"b\",route=\"r\"} 1.0\n");
    }

    @Test
    void zonesOutlastARestartWithoutTheApi() throws Exception {
        serve("chat", backendEvents, here.slice("here"), there.slice("there"));
        serve("chat-proxy", proxyEvents, Slices.slice("p", ALONE));
        try (ProxyProgram before = program(api.port())) {
            await().until(() -> config(before).contains("\"ownZonePercent\" : 50"));
            await().until(() -> Files.exists(folder.resolve("state/endpoints.json"))
                    && Files.readString(folder.resolve("state/endpoints.json")).contains("\"proxies\":true"));
        }

        ProxyProgram after = program(FreePort.find());

        assertThat(config(after)).contains("\"ownZonePercent\" : 50");
        assertThat(here.after(after, 100)).isBetween(47, 53);
    }

    @Test
    void aFileTellsTheZonesOfItsEndpointsAndAFlagThatOfTheProxy() throws Exception {
        String listed = "endpoints: [{address: 127.0.0.1, port: " + here.port() + ", zone: here},"
                + " {address: 127.0.0.1, port: " + there.port() + ", zone: there}]";
        ProxyProgram flagged = ProxyProgram.start(
                folder.resolve("flagged.yaml"),
                document("", listed),
                List.of(),
                builder -> builder.command().addAll(List.of("--zone", "here")));
        ProxyProgram unknown = ProxyProgram.start(folder.resolve("unknown.yaml"), document("", listed));
        open(flagged);
        open(unknown);

        assertThat(here.after(flagged, 20)).isEqualTo(20);
        assertThat(here.after(unknown, 20)).isBetween(1, 19);
        assertThat(config(unknown)).doesNotContain("ownZonePercent");
    }

    private ProxyProgram program(int apiPort) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                current-context: it
                contexts: [{name: it, context: {cluster: one}}]
                clusters: [{name: one, cluster: {server: 'http://127.0.0.1:%d'}}]
                """.formatted(apiPort));
        String slices = "endpointSlices: {namespace: apps, service: chat, portName: ws}";
        return open(ProxyProgram.start(
                folder.resolve("proxy.yaml"),
                document("proxies: {namespace: apps, service: chat-proxy, portName: ws}\n", slices),
                List.of(),
                builder -> {
                    builder.environment().put("KUBECONFIG", kubeconfig.toString());
                    builder.environment().put("POD_NAME", "pod-own");
                    builder.command()
                            .addAll(List.of(
                                    "--allow-loopback-endpoints",
                                    "--state-dir",
                                    folder.resolve("state").toString()));
                }));
    }

    private static String document(String proxies, String endpoints) {
        return "listeners: [{name: ws, address: 127.0.0.1, port: 0}]\n" + proxies
                + "routes: [{name: r, rules: [{name: all, loadBalancing: {topology: PreferSameZone, slowStart: 0s},"
                + " backends: [{name: b, " + endpoints + "}]}]}]\n";
    }

    private void serve(String service, BlockingQueue<String> events, EndpointSlice... slices) {
        String selector = SELECTOR + service;
        api.list(
                SLICES + selector,
                200,
                "1",
                Stream.of(slices).map(slice -> Slices.json(slice, "1")).toList());
        String watch =
                SLICES + "allowWatchBookmarks=true&" + selector + "&resourceVersion=1&timeoutSeconds=600&watch=true";
        api.on("GET " + watch, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(events.take().getBytes(UTF_8));
                exchange.getResponseBody().flush();
            }
        });
    }

    private static String modified(String name, String spec) {
        return ScriptedApi.event("MODIFIED", Slices.json(Slices.slice(name, spec), "2"));
    }

    private static String config(ProxyProgram proxy) throws Exception {
        return proxy.admin("/config").body();
    }

    /** Opens WebSockets until one reaches the backend, and keeps that one. */
    private RawPeer openAt(ProxyProgram proxy, String name) throws IOException {
        while (true) {
            RawPeer client = open(webSocket(proxy));
            if (echo(client).equals(name)) {
                return client;
            }
        }
    }

    private static RawPeer webSocket(ProxyProgram proxy) throws IOException {
        RawPeer client = proxy.connect();
        client.send(TestProxy.handshake());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101");
        return client;
    }

    /** The name of the backend behind an open WebSocket. */
    private static String echo(RawPeer client) throws IOException {
        client.send(Frame.text("who?", true));
        return client.readFrame().text();
    }

    /** Answers each message with its name. */
    private static final class EchoServer implements AutoCloseable {

        private final String name;
        private final RawBackend server = RawBackend.start();
        private final ExecutorService threads = Executors.newCachedThreadPool();

        EchoServer(String name) throws IOException {
            this.name = name;
            threads.execute(() -> {
                try {
                    while (true) {
                        acceptOne();
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
        }

        int port() {
            return server.address().getPort();
        }

        EndpointSlice slice(String zone) {
            return Slices.slice(name, "ws=" + port() + " | " + name + "@127.0.0.1#" + zone);
        }

        /** How many of so many new WebSockets reach this backend. */
        int after(ProxyProgram proxy, int connections) throws IOException {
            int reached = 0;
            for (int i = 0; i < connections; i++) {
                try (RawPeer client = webSocket(proxy)) {
                    reached += echo(client).equals(name) ? 1 : 0;
                }
            }
            return reached;
        }

        private void acceptOne() throws IOException {
            try {
                RawPeer peer = server.accept();
                threads.execute(() -> serve(peer));
            } catch (SocketTimeoutException quiet) {
                // The test is busy with something else.
            }
        }

        private void serve(RawPeer peer) {
            try (peer) {
                peer.readHead();
                peer.send(TestProxy.switching());
                while (true) {
                    peer.readFrame();
                    peer.send(Frame.text(name, false));
                }
            } catch (IOException gone) {
                // The client has disconnected.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }
}
