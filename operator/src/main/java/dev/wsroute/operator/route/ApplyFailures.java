// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.operator.status.ApplyOutcome;
import dev.wsroute.operator.status.OneLine;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Classifies exceptions from writing objects: what the API rejected, and whether a retry can help. */
final class ApplyFailures {

    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY_REQUESTS = 429;

    /** The cause that the admission plugin NamespaceLifecycle reports. */
    private static final String TERMINATING = "NamespaceTerminating";

    private static final String NAMESPACES = "namespaces";

    private ApplyFailures() {}

    /** Whether the next attempt is likely to succeed, so that the failure need not be reported. */
    static boolean isTransient(Exception e) {
        return rejections(e).stream().allMatch(ApplyFailures::isTransient);
    }

    /** A conflict, a server error, too many requests, or no response at all. */
    private static boolean isTransient(Throwable e) {
        return e instanceof KubernetesClientException k
                && (k.getCode() == HttpURLConnection.HTTP_CONFLICT
                        || k.getCode() == TOO_MANY_REQUESTS
                        || k.getCode() <= 0
                        || k.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR);
    }

    /** Whether the API rejected every object as invalid: writing the same objects again cannot succeed. */
    static boolean isPermanent(Exception e) {
        return rejections(e).stream().allMatch(ApplyFailures::isPermanent);
    }

    private static boolean isPermanent(Throwable e) {
        return e instanceof KubernetesClientException k
                && (k.getCode() == UNPROCESSABLE || k.getCode() == HttpURLConnection.HTTP_BAD_REQUEST);
    }

    /** Whether the namespace is being deleted or no longer exists, so that nothing can be created in it. */
    static boolean isNamespaceTerminating(Exception e) {
        return rejections(e).stream().anyMatch(ApplyFailures::isNamespaceTerminating);
    }

    private static boolean isNamespaceTerminating(Throwable e) {
        if (!(e instanceof KubernetesClientException k)
                || k.getStatus() == null
                || k.getStatus().getDetails() == null) {
            return false;
        }
        StatusDetails details = k.getStatus().getDetails();
        return switch (k.getCode()) {
            case HttpURLConnection.HTTP_FORBIDDEN ->
                details.getCauses().stream().anyMatch(cause -> TERMINATING.equals(cause.getReason()));
            case HttpURLConnection.HTTP_NOT_FOUND -> NAMESPACES.equals(details.getKind());
            default -> false;
        };
    }

    /** Whether the API answered each failed request: then its message is enough, without a stack trace. */
    static boolean hasResponses(Exception e) {
        return rejections(e).stream().allMatch(KubernetesClientException.class::isInstance);
    }

    static ApplyOutcome.Failed outcome(Exception e) {
        Throwable first = rejections(e).get(0);
        if (first instanceof KubernetesClientException k) {
            return new ApplyOutcome.Failed("The Kubernetes API rejected an object: " + sentence(k), isPermanent(e));
        }
        return new ApplyOutcome.Failed("Writing the objects failed: " + message(first) + ".", false);
    }

    private static String sentence(KubernetesClientException e) {
        String text = Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElseGet(() -> message(e));
        return OneLine.of(text) + ".";
    }

    private static String message(@Nullable Throwable e) {
        String text = e == null ? null : e.getMessage();
        return text == null
                ? "no reason given"
                : OneLine.of(text.lines().findFirst().orElse("no reason given"));
    }

    /** The failure of each object if the exception lists them, otherwise the exception itself. */
    private static List<Throwable> rejections(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException) {
                return List.of(cause);
            }
            if (cause instanceof AggregatedOperatorException several
                    && !several.getAggregatedExceptions().isEmpty()) {
                return several.getAggregatedExceptions().values().stream()
                        .flatMap(one -> rejections(one).stream())
                        .sorted(Comparator.comparing(ApplyFailures::isTransient))
                        .toList();
            }
        }
        return List.of(e);
    }
}
