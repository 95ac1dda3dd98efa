package dev.wsroute.operator.route;

import dev.wsroute.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Reads what the API objected to out of an exception. */
final class ApplyFailures {

    private static final int UNPROCESSABLE = 422;

    private ApplyFailures() {}

    /** Whether it is likely to be gone at the next attempt, so that it need not be told. */
    static boolean isPassing(Exception e) {
        return rejections(e).stream().allMatch(ApplyFailures::isPassing);
    }

    private static boolean isPassing(Throwable e) {
        return e instanceof KubernetesClientException k
                && (k.getCode() == HttpURLConnection.HTTP_CONFLICT
                        || k.getCode() == 0
                        || k.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR);
    }

    /** One line where the API said why; all there is where the fault may be ours. */
    static void log(Logger log, Exception e, boolean passing) {
        boolean answered = rejections(e).stream().allMatch(KubernetesClientException.class::isInstance);
        String sentence = outcome(e).sentence();
        if (answered && passing) {
            log.debug("{} Trying again", sentence);
        } else if (answered) {
            log.warn("{} Trying again", sentence);
        } else {
            log.error("{} Trying again", sentence, e);
        }
    }

    static Outcome.Failed outcome(Exception e) {
        Throwable first = rejections(e).get(0);
        if (first instanceof KubernetesClientException k) {
            boolean permanent = k.getCode() == UNPROCESSABLE || k.getCode() == HttpURLConnection.HTTP_BAD_REQUEST;
            return new Outcome.Failed("The Kubernetes API did not take an object: " + sentence(k), permanent);
        }
        return new Outcome.Failed("Writing the objects failed: " + message(first) + ".", false);
    }

    private static String sentence(KubernetesClientException e) {
        String text = Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElseGet(() -> message(e));
        return text.endsWith(".") ? text : text + ".";
    }

    private static String message(@Nullable Throwable e) {
        String text = e == null ? null : e.getMessage();
        return text == null ? "no reason given" : text.lines().findFirst().orElse("no reason given");
    }

    /** What each object met with, if that can be told apart; the exception itself else. */
    private static List<Throwable> rejections(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException) {
                return List.of(cause);
            }
            if (cause instanceof AggregatedOperatorException several
                    && !several.getAggregatedExceptions().isEmpty()) {
                return several.getAggregatedExceptions().values().stream()
                        .flatMap(one -> rejections(one).stream())
                        .sorted(Comparator.comparing(ApplyFailures::isPassing))
                        .toList();
            }
        }
        return List.of(e);
    }
}
