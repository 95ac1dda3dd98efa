// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import dev.wsroute.e2e.cluster.api.http.HttpFront;
import dev.wsroute.e2e.cluster.api.http.PodLogs;
import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * An in-memory Kubernetes API server on 127.0.0.1 over plain HTTP. It only stores, validates and streams objects.
 * Controllers and nodes, its ordinary clients, act on them. It has no authentication and allows everything.
 */
public final class EmbeddedApi implements AutoCloseable {

    private final ApiOperations api;
    private final HttpFront front;
    private final RequestCounts requests = new RequestCounts();
    private volatile PodLogs logs = PodLogs.NONE;

    private EmbeddedApi(int port) {
        api = ApiOperations.create(Clock.systemUTC());
        front = new HttpFront(api, () -> logs, requests, port);
    }

    /** Starts a server on a free port. */
    public static EmbeddedApi start() {
        return new EmbeddedApi(0);
    }

    /**
     * Starts a server.
     *
     * @param port 0 for any free port
     */
    public static EmbeddedApi start(int port) {
        return new EmbeddedApi(port);
    }

    /** Returns the address of the server, such as {@code http://127.0.0.1:41123}. */
    public String url() {
        return "http://127.0.0.1:" + front.port();
    }

    /** Writes a kubeconfig whose current context is this server with namespace "default". */
    public void writeKubeconfig(Path file) throws IOException {
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: wsroute
                  cluster:
                    server: %s
                users:
                - name: wsroute
                  user: {}
                contexts:
                - name: wsroute
                  context:
                    cluster: wsroute
                    user: wsroute
                    namespace: default
                current-context: wsroute
                """.formatted(url()));
    }

    /** Sets the source of container logs. */
    public void podLogs(PodLogs source) {
        logs = source;
    }

    /** Drops all connections, including new ones, as a broken network would, until {@link #restore}. */
    public void cutOff() {
        front.cutOff();
    }

    /** Accepts clients again after {@link #cutOff}. */
    public void restore() {
        front.restore();
    }

    /** Ends every watch with 410 Gone and forgets the history, so that clients must list again. */
    public void expireWatches() {
        api.store().expireWatches();
    }

    /** Returns the resource version of the latest change. It changes with every write and only then. */
    public long resourceVersion() {
        return api.store().version();
    }

    /** The counts of requests since the start. */
    public RequestCounts requests() {
        return requests;
    }

    @Override
    public void close() {
        front.close();
    }
}
