// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.config.ApiKeyRules;
import dev.wsroute.config.CredentialPlace;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks for an API key. */
final class ApiKeyStep implements AccessStep {

    /** As the access rules name it. */
    private static final String ISSUER = "apiKeys";

    private static final Denial MISSING = denial(RefusalReason.CREDENTIALS_MISSING, "An API key is required.");
    private static final Denial WRONG = denial(RefusalReason.CREDENTIALS_INVALID, "The API key is wrong.");

    private static final Denial UNKNOWN = new Denial(
            RefusalReason.CREDENTIALS_UNVERIFIED,
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "API keys cannot be checked at the moment.",
            "The API keys are not known yet.",
            List.of(new NameValue("Retry-After", "5")));

    private final ApiKeyRules rules;
    private final Supplier<@Nullable ApiKeys> keys;

    /** @param keys in force; null before they are known */
    ApiKeyStep(ApiKeyRules rules, Supplier<@Nullable ApiKeys> keys) {
        this.rules = rules;
        this.keys = keys;
    }

    /** RFC 9110 §11.6.1 asks for a challenge with each 401; there is no registered scheme for API keys. */
    private static Denial denial(RefusalReason reason, String sentence) {
        return new Denial(
                reason,
                HttpResponseStatus.UNAUTHORIZED.code(),
                sentence,
                sentence,
                List.of(new NameValue("WWW-Authenticate", "ApiKey realm=\"wsroute\"")));
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        CredentialPlace used = null;
        List<String> found = List.of();
        for (CredentialPlace place : rules.places()) {
            hide(place, grant);
            if (used == null) {
                found = find(place, request);
                used = found.isEmpty() ? null : place;
            }
        }
        ApiKeys known = keys.get();
        if (used == null) {
            next.accept(MISSING);
        } else if (known == null) {
            next.accept(UNKNOWN);
        } else {
            // Backends disagree about which of two counts.
            String owner = found.size() == 1 ? known.owner(found.get(0)) : null;
            if (owner != null) {
                grant.subject(ISSUER, owner);
                if (rules.forward()) {
                    forwardOnly(used, found.get(0), grant);
                }
            }
            next.accept(owner == null ? WRONG : null);
        }
    }

    private static List<String> find(CredentialPlace place, AccessRequest request) {
        String name = place.name();
        return switch (place.type()) {
            case Header -> request.headerValues(name);
            case Cookie -> request.cookies(name);
            case QueryParam -> {
                String value = request.queryParam(name);
                yield value == null ? List.of() : List.of(value);
            }
        };
    }

    /** A backend that trusts the proxy must not find another key, which nobody has looked up. */
    private void forwardOnly(CredentialPlace used, String key, Grant grant) {
        for (CredentialPlace place : rules.places()) {
            if (place.type() == CredentialPlace.Type.Header && place.equals(used)) {
                // Those that a CGI-like backend takes for it are dropped as well.
                grant.requestHeader(place.name(), key);
            } else if (place.type() == CredentialPlace.Type.Header) {
                grant.removeHeader(place.name());
            } else if (place.type() == CredentialPlace.Type.Cookie && !place.equals(used)) {
                grant.removeCookie(place.name());
            }
        }
    }

    private void hide(CredentialPlace place, Grant grant) {
        String name = place.name();
        if (place.type() == CredentialPlace.Type.QueryParam) {
            grant.removeParameter(name);
        } else if (!rules.forward()) {
            if (place.type() == CredentialPlace.Type.Cookie) {
                grant.removeCookie(name);
            } else {
                grant.removeHeader(name);
            }
        }
    }
}
