// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.HttpNames;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.TokenSource;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the token of a request, and hides tokens from the backend. Immutable. */
final class TokenFinder {

    private static final String BEARER = "Bearer";

    private final List<TokenSource> sources;
    private final boolean forward;

    TokenFinder(JwtRules rules) {
        this.sources = rules.sources();
        this.forward = rules.forward();
    }

    /**
     * The token, of the first source that has one; null for none. If the backend gets it, it gets no other.
     *
     * @throws TokenException if that source has several
     */
    @Nullable String find(AccessRequest request, Grant grant) throws TokenException {
        for (TokenSource source : sources) {
            String token =
                    switch (source.type()) {
                        case Header -> ofHeader(request.headerValues(source.nameOrDefault()), isAuthorization(source));
                        case Cookie -> request.cookie(source.nameOrDefault());
                        case QueryParam -> request.queryParam(source.nameOrDefault());
                        case Subprotocol ->
                            request.upgradesToWebSocket()
                                    ? OfferedTokens.of(request).token()
                                    : null;
                    };
            if (token != null && !token.isEmpty()) {
                checkOnly(source, request);
                if (forward) {
                    hideOthers(source, request, grant);
                }
                return token;
            }
        }
        return null;
    }

    /** Backends disagree about which of two cookies counts. */
    private static void checkOnly(TokenSource used, AccessRequest request) throws TokenException {
        if (used.type() == TokenSource.Type.Cookie
                && request.cookies(used.nameOrDefault()).size() > 1) {
            throw new TokenException("The request has several tokens in one place");
        }
    }

    /** A backend that trusts the proxy must not find another token, which nobody has verified. */
    private void hideOthers(TokenSource used, AccessRequest request, Grant grant) {
        for (TokenSource source : sources) {
            String name = source.nameOrDefault();
            if (source.equals(used)) {
                if (source.type() == TokenSource.Type.Header) {
                    // Those that a CGI-like backend takes for it are dropped, and further ones of another scheme.
                    grant.requestHeader(name, verified(request.headerValues(name), isAuthorization(source)));
                }
            } else if (source.type() == TokenSource.Type.Cookie) {
                grant.removeCookie(name);
            } else if (source.type() == TokenSource.Type.Header
                    && (!isAuthorization(source) || ofBearer(request.headerValues(name)))) {
                grant.removeHeader(name);
            }
        }
    }

    private static @Nullable String verified(List<String> values, boolean schemeOnly) {
        return values.stream()
                .filter(value -> isBearer(value) || !schemeOnly)
                .findFirst()
                .orElse(null);
    }

    private static boolean ofBearer(List<String> values) {
        return values.stream().anyMatch(TokenFinder::isBearer);
    }

    private static boolean isAuthorization(TokenSource source) {
        return source.nameOrDefault().equalsIgnoreCase(TokenSource.AUTHORIZATION);
    }

    /** @param schemeOnly whether a value without {@code Bearer} is no token (RFC 9110 §11.6.2) */
    private static @Nullable String ofHeader(List<String> values, boolean schemeOnly) throws TokenException {
        String token = null;
        for (String value : values) {
            boolean bearer = isBearer(value);
            if (bearer || !schemeOnly) {
                if (token != null) {
                    throw new TokenException("The request has several tokens in one place");
                }
                token = bearer ? value.substring(BEARER.length()).strip() : value.strip();
            }
        }
        return token;
    }

    /**
     * The scheme is case-insensitive (RFC 9110 §11.1). A blank ends it, but some backends take a tab or another character for one, and
     * must not find a token that nobody has verified.
     */
    private static boolean isBearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && (value.length() == BEARER.length()
                        || !HttpNames.isToken(value.substring(BEARER.length(), BEARER.length() + 1), 1));
    }

    /** Removes from what the backend sees all tokens that it must not see, wherever they are, and whichever was used. */
    void hide(AccessRequest request, Grant grant) {
        for (TokenSource source : sources) {
            switch (source.type()) {
                case Header -> hideHeader(source, request, grant);
                case Cookie -> {
                    if (!forward) {
                        grant.removeCookie(source.nameOrDefault());
                    }
                }
                case QueryParam -> grant.removeParameter(source.nameOrDefault());
                case Subprotocol -> OfferedTokens.of(request).hide(grant);
            }
        }
    }

    /** Credentials of another scheme are not ours. */
    private void hideHeader(TokenSource source, AccessRequest request, Grant grant) {
        String name = source.nameOrDefault();
        if (!forward && (!isAuthorization(source) || ofBearer(request.headerValues(name)))) {
            grant.removeHeader(name);
        }
    }
}
