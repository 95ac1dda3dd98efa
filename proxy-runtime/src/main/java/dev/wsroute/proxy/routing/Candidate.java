// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.MatchConfig;
import dev.wsroute.config.NameValue;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A match whose path matches, with its further conditions. */
record Candidate(MatchConfig match, ActiveRule rule) {

    /**
     * Most headers first, then most query parameters, then most subprotocols. A stable sort keeps the document's order.
     */
    static final Comparator<Candidate> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
                    (Candidate candidate) -> candidate.match.headers().size())
            .thenComparingInt(candidate -> candidate.match.queryParams().size())
            .thenComparingInt(candidate -> candidate.match.subprotocols().size())
            .reversed();

    /** The rule of the first candidate that matches. */
    static @Nullable ActiveRule first(List<Candidate> ordered, RequestFacts request) {
        for (int i = 0; i < ordered.size(); i++) {
            if (ordered.get(i).fits(request)) {
                return ordered.get(i).rule;
            }
        }
        return null;
    }

    boolean fits(RequestFacts request) {
        for (NameValue header : match.headers()) {
            if (!header.value().equals(joined(request.headerValues(header.name())))) {
                return false;
            }
        }
        for (NameValue parameter : match.queryParams()) {
            if (!parameter.value().equals(request.queryParam(parameter.name()))) {
                return false;
            }
        }
        return match.subprotocols().isEmpty() || isOffered(request);
    }

    /** RFC 9110 §5.2: several lines of a header form one list. */
    private static @Nullable String joined(List<String> values) {
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.get(0);
            default -> String.join(",", values);
        };
    }

    private boolean isOffered(RequestFacts request) {
        for (String offered : request.headerValues("Sec-WebSocket-Protocol")) {
            for (String subprotocol : offered.split(",", -1)) {
                if (match.subprotocols().contains(subprotocol.trim())) {
                    return true;
                }
            }
        }
        return false;
    }
}
