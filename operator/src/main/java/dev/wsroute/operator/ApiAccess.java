package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
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
import java.util.Set;

/** Tries each list that the watches begin with, before anything is started, so that what is wrong is said in a sentence. */
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
     * @throws StartupException when the API refuses one of the lists
     * @throws ApiAwayException when it does not answer, or with a failure of its own
     */
    static void check(KubernetesClient client, Set<String> namespaces) throws StartupException, ApiAwayException {
        KubernetesClient once = withoutRetries(client);
        for (Class<? extends HasMetadata> kind : WATCHED) {
            try {
                list(once, kind, namespaces);
            } catch (KubernetesClientException e) {
                throw judged(client, HasMetadata.getPlural(kind), e);
            }
        }
    }

    /** Whoever asks repeats it anyway, and says what the matter is before it does. */
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

    private static StartupException judged(KubernetesClient client, String plural, KubernetesClientException e)
            throws ApiAwayException {
        String api = "the Kubernetes API at " + client.getMasterUrl();
        if (isPassing(e)) {
            throw new ApiAwayException(
                    e.getCode() > 0
                            ? api + " answers with " + e.getCode() + ": " + answer(e)
                            : api + " cannot be reached: " + rootMessage(e),
                    e);
        }
        return new StartupException(
                switch (e.getCode()) {
                    case HttpURLConnection.HTTP_NOT_FOUND ->
                        api + " does not know "
                                + (plural.equals(HasMetadata.getPlural(WebSocketRoute.class))
                                        ? "WebSocketRoute; install the CRD first: kubectl apply -f deploy/install.yaml"
                                        : plural);
                    case HttpURLConnection.HTTP_UNAUTHORIZED -> api + " does not accept the credentials";
                    case HttpURLConnection.HTTP_FORBIDDEN ->
                        api + " forbids the operator to list " + plural + "; deploy/install.yaml grants it: "
                                + answer(e);
                    default -> api + " cannot be used: " + rootMessage(e);
                },
                e);
    }

    /**
     * Whether the API may answer otherwise if it is asked again: it is away, overloaded or in trouble. A certificate that
     * nobody vouches for has to be mended.
     */
    static boolean isPassing(KubernetesClientException e) {
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

    private static String answer(KubernetesClientException e) {
        return e.getStatus() == null || e.getStatus().getMessage() == null
                ? rootMessage(e)
                : e.getStatus().getMessage();
    }

    /** What the innermost cause says, in one line. */
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
                ? words(cause.getClass().getSimpleName())
                : message.lines().findFirst().orElse(message);
    }

    /** {@code UnresolvedAddressException} says no more than its name does. */
    private static String words(String exception) {
        return exception
                .replaceFirst("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
