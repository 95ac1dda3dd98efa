// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Applies a rule's header changes after {@link HeaderRules}, so that they can change forwarding headers, but not
 * hop-by-hop headers, which the configuration must not name.
 */
public final class RuleChanges {

    /**
     * Headers that describe a body or control caching (RFC 9110 §8, RFC 9111 §5), in addition to {@code Content-*},
     * {@code *-Cache-Control} (RFC 9213) and nginx's {@code X-Accel-*}. A rule means its backend's responses with
     * these: a cached error would outlive its cause.
     */
    private static final HeaderNames OF_THE_BODY = HeaderNames.of(
            "age",
            "cache-control",
            "digest",
            "edge-control",
            "etag",
            "expires",
            "last-modified",
            "pragma",
            "repr-digest",
            "surrogate-control");

    private RuleChanges() {}

    /** Changes the headers of a request to a backend. */
    public static void request(ActiveRule rule, HttpHeaders headers) {
        String hostname = rule.rewrite().hostname();
        if (hostname != null) {
            headers.set(FieldNames.HOST, hostname);
        }
        HeaderModifier modifier = rule.config().requestHeaderModifier();
        if (modifier != null) {
            removeLookAlikes(headers, modifier);
            modify(headers, modifier, name -> true);
        }
    }

    /** Changes the headers of a backend's final response or 101 to the client. */
    public static void response(ActiveRule rule, HttpHeaders headers) {
        HeaderModifier modifier = rule.config().responseHeaderModifier();
        if (modifier != null) {
            modify(headers, modifier, name -> true);
        }
    }

    /**
     * Changes the headers of the proxy's own response, like those of a backend, so that a browser shows its status to
     * pages of another origin if the rule sets {@code Access-Control-Allow-Origin}. Headers that describe the body
     * stay.
     */
    public static void ownAnswer(ActiveRule rule, HttpHeaders headers) {
        HeaderModifier modifier = rule.config().responseHeaderModifier();
        if (modifier != null) {
            modify(headers, modifier, name -> !isOfTheBody(name));
            String retryAfter = headers.get(FieldNames.RETRY_AFTER);
            if (retryAfter != null) {
                // Only one is allowed (RFC 9110 §10.2.3): keep the proxy's own.
                headers.set(FieldNames.RETRY_AFTER, retryAfter);
            }
        }
    }

    private static boolean isOfTheBody(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return OF_THE_BODY.contains(lowerCase)
                || lowerCase.endsWith("-cache-control")
                || lowerCase.startsWith("x-accel-")
                || (lowerCase.startsWith("content-") && !lowerCase.startsWith("content-security-policy"));
    }

    /**
     * CGI-like backends cannot distinguish {@code X_Tenant} from {@code X-Tenant}, which a client must not be able to
     * send.
     */
    private static void removeLookAlikes(HttpHeaders headers, HeaderModifier modifier) {
        List<String> alike = new ArrayList<>(0);
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (HeaderNames.isOdd(name)
                    && (modifier.set().stream().anyMatch(replaced -> isAlike(replaced.name(), name))
                            || modifier.remove().stream().anyMatch(removed -> isAlike(removed, name)))) {
                alike.add(name);
            }
        }
        alike.forEach(headers::remove);
    }

    /** Whether a CGI-like backend confuses both names. */
    static boolean isAlike(String name, String other) {
        return HeaderNames.folded(name).equals(HeaderNames.folded(other));
    }

    private static void modify(HttpHeaders headers, HeaderModifier modifier, Predicate<String> changed) {
        modifier.remove().stream().filter(changed).forEach(headers::remove);
        for (NameValue header : modifier.set()) {
            if (changed.test(header.name())) {
                headers.set(header.name(), header.value());
            }
        }
        for (NameValue header : modifier.add()) {
            if (changed.test(header.name())) {
                headers.add(header.name(), header.value());
            }
        }
    }
}
