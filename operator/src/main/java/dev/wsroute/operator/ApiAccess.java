// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.grants.GrantsApi;
import dev.wsroute.operator.policies.PoliciesApi;
import dev.wsroute.operator.trust.Distrust;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Lists each watched kind once before the operator starts, so that missing rights or CRDs give one clear error sentence. */
final class ApiAccess {

    private static final int TOO_MANY_REQUESTS = 429;

    private static final List<Class<? extends HasMetadata>> WATCHED = List.of(
            WebSocketRoute.class,
            ConfigMap.class,
            Secret.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            Deployment.class,
            Service.class,
            PodDisruptionBudget.class,
            EndpointSlice.class,
            Pod.class);

    private ApiAccess() {}

    /**
     * @param namespaces that will be watched; empty: all
     * @throws OperatorStartupException if the API rejects one of the lists
     * @throws ApiUnavailableException if the API cannot be reached or reports an error of its own
     */
    static void check(KubernetesClient client, Set<String> namespaces)
            throws OperatorStartupException, ApiUnavailableException {
        KubernetesClient once = withoutRetries(client);
        for (Class<? extends HasMetadata> kind : WATCHED) {
            try {
                list(once, kind, namespaces);
            } catch (KubernetesClientException e) {
                throw toFailure(client, HasMetadata.getPlural(kind), e);
            }
        }
        try {
            Optional<String> version = GrantsApi.version(once);
            if (version.isPresent()) {
                GrantsApi.of(once, version.get(), namespaces)
                        .forEach(grants -> grants.list(
                                new ListOptionsBuilder().withLimit(1L).build()));
            }
        } catch (KubernetesClientException e) {
            throw toFailure(client, "referencegrants.gateway.networking.k8s.io", e);
        }
        try {
            var unused = PoliciesApi.isServed(once, namespaces);
        } catch (KubernetesClientException e) {
            throw toFailure(client, PoliciesApi.PLURAL, e);
        }
    }

    /**
     * Reads the ConfigMap with the limits of routes once, whether it exists or not.
     *
     * @throws OperatorStartupException if the API rejects the request
     * @throws ApiUnavailableException if the API cannot be reached or reports an error of its own
     */
    static void checkLimits(KubernetesClient client, String namespace, String name)
            throws OperatorStartupException, ApiUnavailableException {
        try {
            withoutRetries(client)
                    .configMaps()
                    .inNamespace(namespace)
                    .list(new ListOptionsBuilder()
                            .withFieldSelector("metadata.name=" + name)
                            .build());
        } catch (KubernetesClientException e) {
            throw toFailure(client, "the ConfigMap " + namespace + "/" + name, e);
        }
    }

    /** The caller retries, and logs the reason first. */
    private static KubernetesClient withoutRetries(KubernetesClient client) {
        RequestConfig config = new RequestConfigBuilder(
                        client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .build();
        return client.newClient(config).adapt(KubernetesClient.class);
    }

    private static void list(KubernetesClient client, Class<? extends HasMetadata> kind, Set<String> namespaces) {
        var objects = client.resources(kind);
        var one = new ListOptionsBuilder().withLimit(1L).build();
        if (namespaces.isEmpty()) {
            objects.inAnyNamespace().list(one);
        }
        for (String namespace : namespaces) {
            objects.inNamespace(namespace).list(one);
        }
    }

    private static OperatorStartupException toFailure(
            KubernetesClient client, String plural, KubernetesClientException e) throws ApiUnavailableException {
        String api = "the Kubernetes API at " + client.getMasterUrl();
        if (isTransient(e)) {
            throw new ApiUnavailableException(
                    e.getCode() > 0
                            ? api + " answered with status " + e.getCode() + ": " + apiMessage(e)
                            : api + " cannot be reached: " + rootMessage(e),
                    e);
        }
        Optional<String> distrust = Distrust.of(e);
        if (distrust.isPresent()) {
            return new OperatorStartupException(
                    api + " is not trusted: " + distrust.get() + " (" + rootMessage(e) + ")", e);
        }
        return new OperatorStartupException(
                switch (e.getCode()) {
                    case HttpURLConnection.HTTP_NOT_FOUND ->
                        api + " does not serve "
                                + (plural.equals(HasMetadata.getPlural(WebSocketRoute.class))
                                        ? "websocketroutes; install the CRD first: kubectl apply -f deploy/install.yaml"
                                        : plural);
                    case HttpURLConnection.HTTP_UNAUTHORIZED -> api + " rejected the credentials";
                    case HttpURLConnection.HTTP_FORBIDDEN ->
                        "the operator is not allowed to list " + plural + " at " + client.getMasterUrl()
                                + "; deploy/install.yaml grants this permission: " + apiMessage(e);
                    default -> api + " cannot be used: " + rootMessage(e);
                },
                e);
    }

    /**
     * Whether a retry may succeed: the API is unreachable, overloaded or failing. An untrusted certificate is permanent.
     */
    static boolean isTransient(KubernetesClientException e) {
        if (e.getCode() > 0) {
            return e.getCode() == TOO_MANY_REQUESTS || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return false;
            }
        }
        return true;
    }

    private static String apiMessage(KubernetesClientException e) {
        return e.getStatus() == null || e.getStatus().getMessage() == null
                ? rootMessage(e)
                : e.getStatus().getMessage();
    }

    /** The first line of the message of the innermost cause. */
    static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            if (cause instanceof ConnectException && cause.getMessage() == null) {
                return "connection refused";
            }
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? spelledOut(cause.getClass().getSimpleName())
                : message.lines().findFirst().orElse(message);
    }

    /** Spells out an exception without a message: {@code UnresolvedAddressException} becomes "unresolved address". */
    private static String spelledOut(String exception) {
        return exception
                .replaceFirst("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
