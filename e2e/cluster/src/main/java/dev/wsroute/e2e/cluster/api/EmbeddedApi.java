// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.cluster.api.access.RoleAuthorizer;
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
 * Controllers and nodes, its ordinary clients, act on them. A request without a token is an administrator's; the token
 * of a ServiceAccount is its user name with a constant end, and allows what the roles allow.
 */
public final class EmbeddedApi implements AutoCloseable {

    private final ApiOperations api;
    private final HttpFront front;
    private final RequestCounts requests = new RequestCounts();
    private final RoleAuthorizer authorizer;
    private volatile PodLogs logs = PodLogs.NONE;
    private volatile Runnable trouble = () -> {};

    private EmbeddedApi(int port) {
        api = ApiOperations.create(Clock.systemUTC());
        authorizer = new RoleAuthorizer(api.store());
        front = new HttpFront(api, () -> logs, requests, authorizer, () -> trouble.run(), port);
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

    /** Writes an administrator's kubeconfig whose current context is this server with namespace "default". */
    public void writeKubeconfig(Path file) throws IOException {
        write(file, "default", "{}");
    }

    /** Writes the kubeconfig of a ServiceAccount, with which a process may do what the account's roles allow. */
    public void writeKubeconfig(Path file, String namespace, String account) throws IOException {
        write(
                file,
                namespace,
                "{token: '" + Access.SERVICE_ACCOUNT + namespace + ":" + account + Access.TOKEN_END + "'}");
    }

    private void write(Path file, String namespace, String user) throws IOException {
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: wsroute
                  cluster:
                    server: %s
                users:
                - name: wsroute
                  user: %s
                contexts:
                - name: wsroute
                  context:
                    cluster: wsroute
                    user: wsroute
                    namespace: %s
                current-context: wsroute
                """.formatted(url(), user, namespace));
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

    /** Runs this before each request of a ServiceAccount; it may take time, or throw an {@link ApiError}. */
    public void trouble(Runnable before) {
        trouble = before;
    }

    /** Ends every watch with 410 Gone and forgets the history, so that clients must list again. */
    public void expireWatches() {
        api.store().expireWatches();
    }

    /** Returns the resource version of the latest change. It changes with every write and only then. */
    public long resourceVersion() {
        return api.store().version();
    }

    /** Decides on the requests of ServiceAccounts, and remembers them. */
    public RoleAuthorizer authorizer() {
        return authorizer;
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
