// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens among the subprotocols that a handshake offers, which is where scripts of browsers can put them: an entry {@code bearer}
 * with the token behind it, or one that begins with {@value #KUBERNETES}, as Kubernetes has it (in base64url; as it is, if it has
 * dots). Unlike subprotocols, both are found in any case, so that no token reaches the backend for its spelling.
 *
 * @param token the first one; null for none
 * @param left what is no token
 * @param marker the entry {@code bearer} as it was offered; null for none
 */
record OfferedTokens(
        @Nullable String token, List<String> left, @Nullable String marker) {

    static final String KUBERNETES = "base64url.bearer.authorization.k8s.io.";

    private static final String BEARER = "bearer";

    /** Also of a request that is no handshake: the backend must not see a token of it either. */
    static OfferedTokens of(AccessRequest request) {
        return of(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
    }

    /** @param headers all values of Sec-WebSocket-Protocol */
    static OfferedTokens of(List<String> headers) {
        List<String> offered = new ArrayList<>();
        for (String header : headers) {
            for (String entry : header.split(",", -1)) {
                if (!entry.isBlank()) {
                    offered.add(entry.strip());
                }
            }
        }
        String token = null;
        List<String> left = new ArrayList<>();
        String marker = null;
        for (int i = 0; i < offered.size(); i++) {
            String entry = offered.get(i);
            String found = null;
            if (entry.regionMatches(true, 0, KUBERNETES, 0, KUBERNETES.length())) {
                found = decoded(entry.substring(KUBERNETES.length()));
            } else if (entry.equalsIgnoreCase(BEARER) && i + 1 < offered.size()) {
                marker = marker == null ? entry : marker;
                i++;
                found = offered.get(i);
            } else {
                left.add(entry);
            }
            token = token == null ? found : token;
        }
        return new OfferedTokens(token, List.copyOf(left), marker);
    }

    private static String decoded(String text) {
        if (text.indexOf('.') >= 0) {
            return text;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            // No token, but one that is refused.
            return text;
        }
    }

    /** Offers the backend what is left. If it selects nothing, the client gets {@code bearer}, or the first that is left. */
    void hide(Grant grant) {
        if (token != null) {
            String first = left.isEmpty() ? null : left.get(0);
            grant.offer(new Grant.Offer(left, marker != null ? marker : first));
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return left.toString();
    }
}
