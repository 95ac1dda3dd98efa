package dev.wsroute.operator.mock;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.ObjectMappers;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.dsl.MockServerExpectation;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * fabric8's mock of the API: what a test expects ({@link #expect()}) is answered as it says, and everything else by the
 * mock's CRUD mode. Every request is recorded.
 */
public final class MockApi implements AutoCloseable {

    /** Two lines a request otherwise. Held here, since loggers are forgotten with their levels. */
    private static final Logger SERVER_LOG = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        SERVER_LOG.setLevel(Level.WARNING);
    }

    private final Map<ServerRequest, Queue<ServerResponse>> expectations = new ConcurrentHashMap<>();
    private final RecordingDispatcher dispatcher = new RecordingDispatcher(expectations);
    private KubernetesMockServer server;
    private final int port;
    private final KubernetesClient client;

    private MockApi() {
        server = newServer(0);
        port = server.getPort();
        client = server.createClient();
    }

    /** A fresh API that knows WebSocketRoutes. */
    public static MockApi start() {
        return new MockApi();
    }

    private KubernetesMockServer newServer(int at) {
        KubernetesMockServer fresh = new KubernetesMockServer(
                new Context(ObjectMappers.create()), new MockWebServer(), expectations, dispatcher, false);
        dispatcher
                .objects()
                .expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(WebSocketRoute.class));
        fresh.start(InetAddress.getLoopbackAddress(), at);
        return fresh;
    }

    /** Cuts all connections, and refuses new ones until {@link #comeBack()}. */
    public void goAway() {
        server.shutdown();
    }

    public void comeBack() {
        server = newServer(port);
    }

    /** What is answered otherwise than by what is stored; paths are whole, with their queries. */
    public MockServerExpectation expect() {
        return server.expect();
    }

    /** Forgets what was expected. */
    public void expectNothing() {
        expectations.clear();
    }

    /** Somebody else's client. */
    public KubernetesClient client() {
        return client;
    }

    /** For a client of the operator's own making. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .withNamespace("wsroute-system")
                .withWatchReconnectInterval(50)
                .build();
    }

    /** Such as {@code PATCH /api/v1/namespaces/apps/services/chat-proxy}, in order; without queries. */
    public List<String> writes() {
        return dispatcher.writes();
    }

    /** The watches of {@code plural} that are open. */
    public List<OpenWatch> watches(String plural) {
        return dispatcher.watches(plural);
    }

    /** How often {@code plural} was listed. */
    public long lists(String plural) {
        return dispatcher.lists(plural);
    }

    /** An answer that is no success. */
    public static Status failure(int code, String reason, String message) {
        return new StatusBuilder()
                .withStatus("Failure")
                .withCode(code)
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
    }
}
