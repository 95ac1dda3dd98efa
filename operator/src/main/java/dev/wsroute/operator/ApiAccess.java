package dev.wsroute.operator;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Set;

/** Tries the API once before anything is started, so that what is wrong is said in a sentence. */
final class ApiAccess {

    private ApiAccess() {}

    /**
     * @param namespaces that will be watched; empty: all
     * @throws StartupException when routes cannot be listed there
     */
    static void check(KubernetesClient client, Set<String> namespaces) throws StartupException {
        try {
            var routes = client.resources(WebSocketRoute.class);
            var one = new ListOptionsBuilder().withLimit(1L).build();
            if (namespaces.isEmpty()) {
                routes.inAnyNamespace().list(one);
            }
            for (String namespace : namespaces) {
                routes.inNamespace(namespace).list(one);
            }
        } catch (KubernetesClientException e) {
            throw new StartupException(sentence(client, e), e);
        }
    }

    private static String sentence(KubernetesClient client, KubernetesClientException e) {
        String api = "the Kubernetes API at " + client.getMasterUrl();
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND ->
                api + " does not know WebSocketRoute; install the CRD first: kubectl apply -f deploy/install.yaml";
            case HttpURLConnection.HTTP_UNAUTHORIZED -> api + " does not accept the credentials";
            case HttpURLConnection.HTTP_FORBIDDEN ->
                api + " does not allow to list WebSocketRoutes: "
                        + (e.getStatus() == null
                                ? rootMessage(e)
                                : e.getStatus().getMessage());
            default -> api + " cannot be reached: " + rootMessage(e);
        };
    }

    /** What the innermost cause says, in one line. */
    static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
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
