// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.written;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.testkit.Secrets;
import dev.wsroute.testkit.Written;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The objects of a namespace at the end of a test: what users read, and as secrets what is in the Secrets. */
public final class WrittenObjects {

    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            WebSocketRoute.class,
            WebSocketPolicy.class,
            ConfigMap.class,
            Event.class,
            Lease.class,
            Deployment.class,
            Pod.class,
            Service.class,
            EndpointSlice.class,
            Role.class);

    /** Tests that flood the API write the same many times. */
    private static final ListOptions SOME =
            new ListOptionsBuilder().withLimit(200L).build();

    private WrittenObjects() {}

    public static void add(KubernetesClient client, String namespace) {
        StringBuilder objects = new StringBuilder();
        for (Class<? extends HasMetadata> kind : KINDS) {
            for (HasMetadata object : list(client, namespace, kind)) {
                objects.append(Serialization.asJson(object)).append('\n');
            }
        }
        Written.add("objects", objects.toString());
        for (Secret secret : list(client, namespace, Secret.class)) {
            if (secret.getData() != null) {
                secret.getData().forEach(WrittenObjects::note);
            }
        }
    }

    private static <T extends HasMetadata> List<T> list(KubernetesClient client, String namespace, Class<T> kind) {
        try {
            return client.resources(kind).inNamespace(namespace).list(SOME).getItems();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    private static void note(String key, String encoded) {
        byte[] value = Base64.getDecoder().decode(encoded);
        String text = new String(value, UTF_8);
        boolean readable = text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
        if (key.endsWith(".crt") || text.startsWith("{\"keys\"")) {
            return;
        }
        if (!readable) {
            Secrets.noted("content of a Secret", encoded);
            Secrets.noted("content of a Secret", HexFormat.of().formatHex(value));
        } else if (text.startsWith("-----BEGIN")) {
            // The end of a key may be the public one, which is in the certificate as well.
            text.lines().skip(1).limit(1).forEach(line -> Secrets.noted("content of a Secret", line));
        } else {
            Secrets.noted("content of a Secret", text);
        }
    }
}
