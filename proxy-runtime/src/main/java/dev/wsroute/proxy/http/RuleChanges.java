package dev.wsroute.proxy.http;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            headers.set(FieldNames.HOST, hostname);
        }
        HeaderModifier modifier = rule.config().requestHeaders();
        if (modifier != null) {
            removeLookAlikes(headers, modifier);
            modify(headers, modifier);
        }
    }

    /** Changes the headers of a backend's final response, or of its 101, towards the client. */
    public static void response(ActiveRule rule, HttpHeaders headers) {
        HeaderModifier modifier = rule.config().responseHeaders();
        if (modifier != null) {
            modify(headers, modifier);
        }
    }

    /** CGI-like backends cannot tell {@code X_Tenant} from the {@code X-Tenant} that a client must not be able to send. */
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

    /** Whether a CGI-like backend takes both names for the same. */
    static boolean isAlike(String name, String other) {
        return HeaderNames.folded(name).equals(HeaderNames.folded(other));
    }

    private static void modify(HttpHeaders headers, HeaderModifier modifier) {
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
