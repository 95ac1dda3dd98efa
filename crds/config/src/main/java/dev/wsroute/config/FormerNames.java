// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names that fields of a rule had before schema version 1.4. They are accepted in 0.1 and refused from 0.2 on. The
 * operator of 0.1 writes them, so that proxies of schema version 1.3 still read its documents.
 */
public final class FormerNames {

    private static final List<Move> MOVES = List.of(
            new Move("requestHeaders", "requestHeaderModifier"),
            new Move("responseHeaders", "responseHeaderModifier"),
            new Move("connectRetries", "connections.connectRetries"),
            new Move("connections.pingInterval", "connections.ping.interval"),
            new Move("sessionPersistence.cookieName", "sessionPersistence.sessionName"),
            new Move("urlRewrite.replacePrefixMatch", "urlRewrite.path.replacePrefixMatch"));

    private FormerNames() {}

    /** The current name by the former one, both as paths in a rule. */
    public static Map<String, String> all() {
        Map<String, String> names = new LinkedHashMap<>();
        MOVES.forEach(move -> names.put(move.former, move.current));
        return names;
    }

    /** Gives the fields of {@code document} their current names. Returns a sentence for each that had a former one. */
    static List<String> replace(JsonNode document) {
        List<String> sentences = new ArrayList<>();
        JsonNode routes = document.path("routes");
        for (int i = 0; i < routes.size(); i++) {
            JsonNode rules = routes.path(i).path("rules");
            for (int j = 0; j < rules.size(); j++) {
                if (rules.get(j) instanceof ObjectNode rule) {
                    replace("routes[" + i + "].rules[" + j + "].", rule, sentences);
                }
            }
        }
        return sentences.subList(0, Math.min(sentences.size(), Problems.MOST));
    }

    private static void replace(String path, ObjectNode rule, List<String> sentences) {
        for (Move move : MOVES) {
            if (move(rule, move.former, move.current)) {
                sentences.add(
                        path + move.former + " is an old name, which version 0.2 will refuse; write " + move.current);
            }
        }
    }

    /**
     * Gives the fields of a document's rules their former names, and leaves out what has its default and older proxies do
     * not know: they would count and log it as a field that they ignore.
     */
    static void restore(JsonNode document) {
        document.path("routes")
                .forEach(route -> route.path("rules").forEach(rule -> {
                    if (rule instanceof ObjectNode object) {
                        restore(object);
                    }
                }));
    }

    private static void restore(ObjectNode rule) {
        for (Move move : MOVES) {
            if (move(rule, move.current, move.former)) {
                removeIfEmpty(rule, parent(move.current));
            }
        }
        ObjectNode sessions = object(rule, "sessionPersistence", false);
        if (sessions != null && sessions.path("type").asText().equals(SessionPersistence.Type.Cookie.name())) {
            sessions.remove("type");
        }
    }

    /** Moves a value, unless there is none or there is one at its destination. */
    private static boolean move(ObjectNode rule, String from, String to) {
        ObjectNode source = object(rule, parent(from), false);
        ObjectNode target = object(rule, parent(to), false);
        if (source == null || !source.has(name(from)) || (target != null && target.has(name(to)))) {
            return false;
        }
        ObjectNode destination = object(rule, parent(to), true);
        if (destination == null) {
            return false;
        }
        destination.set(name(to), source.remove(name(from)));
        return true;
    }

    private static void removeIfEmpty(ObjectNode rule, String path) {
        ObjectNode emptied = path.isEmpty() ? null : object(rule, path, false);
        ObjectNode around = object(rule, parent(path), false);
        if (emptied != null && emptied.isEmpty() && around != null) {
            around.remove(name(path));
        }
    }

    /** The object at a path; null if there is none and none can be made. */
    private static @Nullable ObjectNode object(ObjectNode root, String path, boolean make) {
        ObjectNode at = root;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            JsonNode next = at.path(name);
            if (make && (next.isMissingNode() || next.isNull())) {
                next = at.putObject(name);
            }
            if (!(next instanceof ObjectNode object)) {
                return null;
            }
            at = object;
        }
        return at;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** @param former path in a rule */
    private record Move(String former, String current) {}
}
