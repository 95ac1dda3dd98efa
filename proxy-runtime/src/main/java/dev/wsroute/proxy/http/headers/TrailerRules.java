// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.Trailers;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which trailers are forwarded (RFC 9110 §6.5): those that the rule names, unless the header rules drop them. A
 * header that a rule sets or removes must not reappear as a trailer, since many backends merge trailers into the
 * headers.
 */
public final class TrailerRules {

    private TrailerRules() {}

    /** Filters the trailers in a piece of a request body. */
    public static HttpContent towardsBackend(HttpContent piece, ActiveRule rule, RequestHead head) {
        return filtered(piece, request(rule, head));
    }

    /** Filters the trailers in a piece of a response body. */
    public static HttpContent towardsClient(HttpContent piece, ActiveRule rule, HttpHeaders received) {
        return filtered(piece, response(rule, received));
    }

    /**
     * Announces the request's forwarded trailers, and whether response trailers are accepted. Call when the other
     * headers are complete.
     */
    public static void announceToBackend(HttpHeaders towardsBackend, ActiveRule rule, RequestHead head) {
        HttpHeaders received = head.headers();
        announce(towardsBackend, received, request(rule, head));
        Trailers named = rule.config().trailers();
        if (named != null
                && !named.response().isEmpty()
                && received.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true)) {
            towardsBackend.set(FieldNames.TE, HttpHeaderValues.TRAILERS);
            // RFC 9110 §10.1.4: TE is a hop-by-hop header.
            towardsBackend.set(FieldNames.CONNECTION, "close, TE");
        }
    }

    /** Announces the response's forwarded trailers. */
    public static void announceToClient(HttpHeaders towardsClient, ActiveRule rule, HttpHeaders received) {
        announce(towardsClient, received, response(rule, received));
    }

    private static Predicate<String> request(ActiveRule rule, RequestHead head) {
        Trailers named = rule.config().trailers();
        Predicate<String> passing = passing(
                named == null ? List.of() : named.request(), rule.config().requestHeaderModifier(), head.headers());
        // What access rules set or remove must not come back behind the body.
        return passing.and(name ->
                head.grant().removedHeaders().stream().noneMatch(removed -> RuleChanges.isAlike(removed, name)));
    }

    private static Predicate<String> response(ActiveRule rule, HttpHeaders received) {
        Trailers named = rule.config().trailers();
        return passing(
                named == null ? List.of() : named.response(), rule.config().responseHeaderModifier(), received);
    }

    /** @param received headers of the message */
    public static Predicate<String> passing(
            List<String> named, @Nullable HeaderModifier modifier, HttpHeaders received) {
        if (named.isEmpty()) {
            return name -> false;
        }
        Set<String> listed = HeaderRules.listedInConnection(received);
        return name -> named.stream().anyMatch(name::equalsIgnoreCase)
                && HeaderRules.isEndToEnd(name, listed)
                && !HeaderRules.isLookAlike(name)
                && !ForwardingHeaderRules.isForwardingHeader(name)
                && !ForwardingHeaderRules.isNeverForwarded(name)
                && (modifier == null || changed(modifier).noneMatch(changed -> RuleChanges.isAlike(changed, name)));
    }

    private static Stream<String> changed(HeaderModifier modifier) {
        return Stream.concat(modifier.set().stream().map(NameValue::name), modifier.remove().stream());
    }

    /** @param piece released unless it is returned */
    public static HttpContent filtered(HttpContent piece, Predicate<String> passes) {
        if (!(piece instanceof LastHttpContent last) || last.trailingHeaders().isEmpty()) {
            return piece;
        }
        HttpHeaders kept = HeaderRules.newHeaders();
        for (Map.Entry<String, String> trailer : last.trailingHeaders()) {
            if (passes.test(trailer.getKey())) {
                kept.add(trailer.getKey(), trailer.getValue());
            }
        }
        // The decoder never emits content and trailers in one object.
        last.release();
        return kept.isEmpty()
                ? LastHttpContent.EMPTY_LAST_CONTENT
                : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, kept);
    }

    private static void announce(HttpHeaders passed, HttpHeaders received, Predicate<String> passes) {
        if (!received.contains(HttpHeaderNames.TRAILER)) {
            return;
        }
        List<String> names = received.getAll(HttpHeaderNames.TRAILER).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::trim)
                .filter(passes)
                .toList();
        if (!names.isEmpty()) {
            passed.set(FieldNames.TRAILER, String.join(", ", names));
        }
    }
}
