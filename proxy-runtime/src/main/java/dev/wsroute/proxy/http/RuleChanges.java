package dev.wsroute.proxy.http;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a rule changes of the messages that pass, after {@link HeaderRules}: so it has the last word on forwarding
 * headers, and none on those that belong to a connection, which the configuration may not name.
 */
public final class RuleChanges {

    private RuleChanges() {}

    /** Changes the headers of a request towards its backend. */
    public static void request(ActiveRule rule, HttpHeaders headers) {
        String hostname = rule.rewrite().hostname();
        if (hostname != null) {
            headers.set(HttpHeaderNames.HOST, hostname);
        }
        modify(headers, rule.config().requestHeaders());
    }

    /** Changes the headers of a backend's final response, or of its 101, towards the client. */
    public static void response(ActiveRule rule, HttpHeaders headers) {
        modify(headers, rule.config().responseHeaders());
    }

    private static void modify(HttpHeaders headers, @Nullable HeaderModifier modifier) {
        if (modifier == null) {
            return;
        }
        for (String name : modifier.remove()) {
            headers.remove(name);
        }
        for (NameValue header : modifier.set()) {
            headers.set(header.name(), header.value());
        }
        for (NameValue header : modifier.add()) {
            headers.add(header.name(), header.value());
        }
    }
}
