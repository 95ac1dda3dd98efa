// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.wsroute.operator.compile.Compilation.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator cannot process a route for an unforeseen reason. The status of the route reports it, and it is retried
 * later.
 */
final class UnprocessableRouteException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int MAX_REASON = 200;

    UnprocessableRouteException(Throwable cause) {
        super("The operator cannot process the route: " + reason(cause), cause);
    }

    /** The result that the status reports. */
    Refused refusal() {
        return new Refused(
                Refused.RefusalReason.Unprocessable,
                List.of("The operator cannot process this route (" + reason(getCause())
                        + "); it retries with growing backoff, and the proxies keep their last configuration"));
    }

    /** The {@code UnprocessableRouteException} among the causes of {@code e}; null if there is none. */
    static @Nullable UnprocessableRouteException in(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnprocessableRouteException found) {
                return found;
            }
        }
        return null;
    }

    private static String reason(@Nullable Throwable e) {
        if (e == null) {
            return "unknown error";
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "the field " + path(unknown).replaceAll("\\p{Cntrl}", "?")
                    + " is unknown to this operator, which is older than the CRD";
        }
        String message = e.getMessage();
        String line = message == null ? "" : ": " + message.lines().findFirst().orElse("");
        String text = (e.getClass().getSimpleName() + line).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
    }

    /** Such as {@code spec.proxy.listeners[0].port}. */
    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.length() <= MAX_REASON ? path.toString() : path.substring(0, MAX_REASON) + "…";
    }
}
