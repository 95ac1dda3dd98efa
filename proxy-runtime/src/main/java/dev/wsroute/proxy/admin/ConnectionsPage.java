// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.Page;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Subject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connections}: open WebSockets, oldest first; only those of one route with {@code ?route=namespace/name}, or of one
 * subject with {@code ?subject=name}, whoever says so, or only as {@code ?issuer=issuer} says, or what fits all of them.
 * Shows at most {@value #MOST}, since a full list would be too expensive.
 */
public final class ConnectionsPage implements Page {

    static final int MOST = 1000;
    private static final String ROUTE = "route=";
    private static final String SUBJECT = "subject=";
    private static final String ISSUER = "issuer=";

    private final ObjectMapper mapper = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
    private final ConnectionRegistry connections;

    /** @param open number of all open WebSockets, of any route */
    private record View(int open, int shown, List<ConnectionView> connections) {}

    public ConnectionsPage(ConnectionRegistry connections) {
        this.connections = connections;
    }

    @Override
    public Answer answer(@Nullable String query) {
        Predicate<LiveConnection> wanted = connection -> true;
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                if (parameter.startsWith(ROUTE)) {
                    String route = decode(parameter.substring(ROUTE.length()));
                    wanted = wanted.and(connection -> connection.route().equals(route));
                } else if (parameter.startsWith(SUBJECT)) {
                    String name = decode(parameter.substring(SUBJECT.length()));
                    wanted = wanted.and(connection -> is(connection, Subject::name, name));
                } else if (parameter.startsWith(ISSUER)) {
                    String issuer = decode(parameter.substring(ISSUER.length()));
                    wanted = wanted.and(connection -> is(connection, Subject::issuer, issuer));
                } else {
                    return Answer.text(400, "the parameters are route=NAMESPACE/NAME, subject=NAME and issuer=ISSUER");
                }
            }
        }
        List<ConnectionView> shown = connections.some(wanted, MOST).stream()
                .map(LiveConnection::view)
                .sorted(Comparator.comparingLong(ConnectionView::ageSeconds)
                        .reversed()
                        .thenComparing(ConnectionView::id))
                .toList();
        try {
            View view = new View(connections.size(), shown.size(), shown);
            return new Answer(200, "application/json", mapper.writeValueAsString(view) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("connections can always be written as JSON", e);
        }
    }

    private static boolean is(LiveConnection connection, Function<Subject, String> part, String wanted) {
        Subject subject = connection.rights().subject();
        return subject != null && part.apply(subject).equals(wanted);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Nothing has such a name.
            return text;
        }
    }
}
