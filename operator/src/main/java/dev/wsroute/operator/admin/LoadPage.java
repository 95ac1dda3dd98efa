// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import dev.wsroute.admin.Answer;
import dev.wsroute.admin.Page;
import dev.wsroute.logging.Printable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The load of a route as JSON, for an autoscaler that reads numbers over HTTP: {@code /load?route=NAMESPACE/NAME}. */
public final class LoadPage implements Page {

    private static final Pattern QUERY =
            Pattern.compile("route=([a-z0-9][-a-z0-9]{0,62})(?:/|%2[Ff])([a-z0-9][-a-z0-9]{0,62})");

    private static final Logger LOG = LoggerFactory.getLogger(LoadPage.class);
    private static final int MAX_MESSAGE = 1024;

    private final Loads loads;
    /** Why the last number could not be read; empty: it could. */
    private volatile String failure = "";

    /** Where the numbers come from. */
    @FunctionalInterface
    public interface Loads {

        /**
         * Called on the thread of the page; may block.
         *
         * @return empty if there is no such route
         * @throws RuntimeException if that cannot be found out now
         */
        Optional<Load> of(String namespace, String route);
    }

    /**
     * @param connections open WebSockets of all proxies, by their last reports
     * @param proxies how many have reported
     */
    public record Load(long connections, int proxies) {}

    public LoadPage(Loads loads) {
        this.loads = loads;
    }

    @Override
    public Answer answer(@Nullable String query) {
        Matcher route = QUERY.matcher(query == null ? "" : query);
        if (!route.matches()) {
            return Answer.text(400, "the query must be route=NAMESPACE/NAME");
        }
        Optional<Load> load;
        try {
            load = loads.of(route.group(1), route.group(2));
            failure = "";
        } catch (RuntimeException e) {
            report(e);
            // An autoscaler keeps the number of replicas if it gets no answer, and must not take a failure for no load.
            return Answer.text(503, "the Kubernetes API does not answer");
        }
        return load.map(found -> new Answer(
                        200,
                        "application/json",
                        "{\"route\":\"" + route.group(1) + "/" + route.group(2) + "\",\"connections\":"
                                + found.connections() + ",\"proxies\":" + found.proxies() + "}\n"))
                .orElseGet(() -> Answer.text(404, "no such route, or none of its proxies has reported"));
    }

    /** Once for each reason: autoscalers ask several times a minute. */
    private void report(RuntimeException e) {
        String reason = Printable.of(String.valueOf(e.getMessage()), MAX_MESSAGE);
        if (!reason.equals(failure)) {
            failure = reason;
            LOG.warn("The load of routes cannot be read for autoscalers, who get 503: {}", reason);
        }
    }
}
