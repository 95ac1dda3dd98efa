// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A minimal client of the Kubernetes API. A general client would cost each proxy some 40 MB. Does not retry: callers
 * decide when to.
 */
public final class KubernetesApi {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpCalls calls;

    /**
     * @param server queried until the server is known, and again when its certificate is refused, since CAs may be
     *     replaced
     * @param loops event loops of the connections; should not be those of client connections
     */
    public KubernetesApi(ApiServer.Source server, EventLoopGroup loops, Class<? extends Channel> channelType) {
        this(server, loops, channelType, PATIENCE);
    }

    /** @param patience timeout of a response */
    KubernetesApi(
            ApiServer.Source server, EventLoopGroup loops, Class<? extends Channel> channelType, Duration patience) {
        this.calls = new HttpCalls(server, loops, channelType, patience);
    }

    /**
     * Finds the API server: from KUBECONFIG, else from the pod's service account, else from kubectl's default file.
     *
     * @throws IOException with one sentence
     */
    public static ApiServer find(Map<String, String> environment) throws IOException {
        return find(environment, ServiceAccount.FOLDER);
    }

    static ApiServer find(Map<String, String> environment, Path serviceAccount) throws IOException {
        String named = environment.get("KUBECONFIG");
        if (named != null && !named.isEmpty()) {
            if (named.contains(File.pathSeparator)) {
                throw new IOException("KUBECONFIG names several files, which is not supported: name one");
            }
            return Kubeconfig.read(Path.of(named));
        }
        ApiServer pod = ServiceAccount.find(environment, serviceAccount);
        if (pod != null) {
            return pod;
        }
        Path own = Path.of(environment.getOrDefault("HOME", ""), ".kube", "config");
        if (Files.exists(own)) {
            return Kubeconfig.read(own);
        }
        throw new IOException(
                "No Kubernetes API found: this is not a pod with a service account, and KUBECONFIG is not set");
    }

    /** The EndpointSlices of a Service. */
    public ObjectSet<EndpointSlice> endpointSlices(String namespace, String service) {
        return new ObjectSet<>(
                calls,
                mapper,
                "/apis/discovery.k8s.io/v1/namespaces/" + encoded(namespace) + "/endpointslices",
                "labelSelector=" + encoded(SERVICE_LABEL + "=" + service),
                EndpointSlice::read);
    }

    /**
     * The ConfigMap of that name, listed with a field selector, as required by a role that names a single ConfigMap.
     */
    public ObjectSet<DataObject> configMap(String namespace, String name) {
        return new ObjectSet<>(calls, mapper, configMaps(namespace), named(name), DataObject::read);
    }

    /** The Secret of that name, listed in the same way. */
    public ObjectSet<DataObject> secret(String namespace, String name) {
        return new ObjectSet<>(
                calls, mapper, "/api/v1/namespaces/" + encoded(namespace) + "/secrets", named(name), DataObject::read);
    }

    /**
     * Sets the data of a ConfigMap that this manager owns, by server-side apply. Blocks.
     *
     * @throws IOException with one sentence
     */
    public void applyConfigMap(String namespace, String name, String manager, Map<String, String> data)
            throws IOException {
        byte[] body = mapper.writeValueAsBytes(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("namespace", namespace, "name", name),
                "data",
                data));
        calls.patch(
                configMaps(namespace) + "/" + encoded(name) + "?fieldManager=" + encoded(manager) + "&force=true",
                "application/apply-patch+yaml",
                body);
    }

    private static String configMaps(String namespace) {
        return "/api/v1/namespaces/" + encoded(namespace) + "/configmaps";
    }

    private static String named(String name) {
        return "fieldSelector=" + encoded("metadata.name=" + name);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
