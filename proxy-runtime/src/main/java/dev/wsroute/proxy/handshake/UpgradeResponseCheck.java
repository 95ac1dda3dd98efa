// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Validates a backend's 101 before client bytes are forwarded (RFC 6455 §4.1). docs/compatibility.md lists the accepted
 * deviations.
 */
final class UpgradeResponseCheck {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** One instance per thread, which each use resets. */
    private static final ThreadLocal<MessageDigest> SHA_1 = ThreadLocal.withInitial(UpgradeResponseCheck::sha1);

    private UpgradeResponseCheck() {}

    /** @return why the 101 is invalid; null if it is valid */
    static @Nullable String fault(RequestHead request, HttpResponse response) {
        HttpHeaders headers = response.headers();
        if (!isUpgradeToWebSocket(headers)) {
            return "The backend's 101 has no Upgrade: websocket.";
        }
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return "The backend's 101 has no Connection: Upgrade.";
        }
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
        if (!accept(key).equals(HeaderRules.single(headers, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))) {
            return "The backend's 101 has a wrong Sec-WebSocket-Accept.";
        }
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
                && !offers(request, HeaderRules.single(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))) {
            return "The backend's 101 chooses a subprotocol that was not offered.";
        }
        Set<String> extensions = extensions(headers);
        if (!extensions.isEmpty() && !extensions(request.headers()).containsAll(extensions)) {
            return "The backend's 101 chooses an extension that was not offered.";
        }
        return null;
    }

    /** Accepts the repeated header that some backends send, but no other protocol beside it. */
    private static boolean isUpgradeToWebSocket(HttpHeaders headers) {
        String only = HeaderRules.single(headers, HttpHeaderNames.UPGRADE);
        if (only != null && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(only)) {
            return true;
        }
        return headers.contains(HttpHeaderNames.UPGRADE)
                && headers.getAll(HttpHeaderNames.UPGRADE).stream()
                        .flatMap(value -> Stream.of(value.split(",", -1)))
                        .allMatch(protocol -> HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(protocol.trim()));
    }

    static String accept(String key) {
        byte[] digest = SHA_1.get().digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }

    /** @param protocol null if the backend names several */
    private static boolean offers(RequestHead request, @Nullable String protocol) {
        for (String value : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String token : value.split(",", -1)) {
                if (token.trim().equals(protocol)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The names in {@code Sec-WebSocket-Extensions}, without parameters. */
    static Set<String> extensions(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String value : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            boolean quoted = false;
            int start = 0;
            for (int i = 0; i <= value.length(); i++) {
                char c = i == value.length() ? ',' : value.charAt(i);
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == ',' && (!quoted || i == value.length())) {
                    add(names, value.substring(start, i));
                    start = i + 1;
                }
            }
        }
        return names;
    }

    private static void add(Set<String> names, String extension) {
        int parameters = extension.indexOf(';');
        String name = (parameters < 0 ? extension : extension.substring(0, parameters)).trim();
        if (!name.isEmpty()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
    }
}
