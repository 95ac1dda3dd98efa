// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.mock;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.ObjectMappers;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
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
 * fabric8's mock of the API. Expected requests ({@link #expect()}) get the response of the test, all others that of the mock's
 * CRUD mode. Every request is recorded.
 */
public final class MockApi implements AutoCloseable {

    /** Would log two lines per request. The reference keeps the logger and its level from being garbage-collected. */
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

    /** A new API that serves WebSocketRoutes. */
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

    /** Serves WebSocketPolicies. */
    public void servePolicies() {
        dispatcher
                .objects()
                .expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(WebSocketPolicy.class));
    }

    /** Serves ReferenceGrants in this version. */
    public void serveGrants(String version) {
        dispatcher
                .objects()
                .expectCustomResource(new CustomResourceDefinitionContext.Builder()
                        .withGroup("gateway.networking.k8s.io")
                        .withVersion(version)
                        .withKind("ReferenceGrant")
                        .withPlural("referencegrants")
                        .withScope("Namespaced")
                        .build());
        expect().get()
                .withPath("/apis/gateway.networking.k8s.io/" + version)
                .andReturn(
                        200,
                        new APIResourceListBuilder()
                                .withGroupVersion("gateway.networking.k8s.io/" + version)
                                .addNewResource()
                                .withName("referencegrants")
                                .withKind("ReferenceGrant")
                                .withNamespaced(true)
                                .endResource()
                                .build())
                .always();
    }

    /** Closes all connections and rejects new ones until {@link #comeBack()}. */
    public void goAway() {
        server.shutdown();
    }

    public void comeBack() {
        server = newServer(port);
    }

    /** Sets responses for requests, by whole paths with their queries, in place of the stored objects. */
    public MockServerExpectation expect() {
        return server.expect();
    }

    /** Removes all expectations. */
    public void expectNothing() {
        expectations.clear();
    }

    /** A client that is not the operator's. */
    public KubernetesClient client() {
        return client;
    }

    /** Configuration for a client that the operator creates. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .withNamespace("wsroute-system")
                .withWatchReconnectInterval(50)
                .build();
    }

    /** All writes in order, without queries, such as {@code PATCH /api/v1/namespaces/apps/services/chat-proxy}. */
    public List<String> writes() {
        return dispatcher.writes();
    }

    /** The open watches of {@code plural}. */
    public List<OpenWatch> watches(String plural) {
        return dispatcher.watches(plural);
    }

    /** How often {@code plural} was listed. */
    public long lists(String plural) {
        return dispatcher.lists(plural);
    }

    /** An error response. */
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
        try {
            server.shutdown();
        } catch (IllegalStateException slow) {
            // It waits ten seconds, which a busy machine may exceed, and goes on closing. What was tested is known by
            // now.
            SERVER_LOG.log(Level.WARNING, "The mock API is still closing", slow);
        }
    }
}
