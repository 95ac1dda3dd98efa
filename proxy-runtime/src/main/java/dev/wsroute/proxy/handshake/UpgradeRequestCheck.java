// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Base64;
import java.util.List;

/** Validates a client's opening handshake (RFC 6455 §4.2.1). */
public final class UpgradeRequestCheck {

    private static final int KEY_BYTES = 16;

    private UpgradeRequestCheck() {}

    /**
     * @param head requests an upgrade to WebSocket
     * @throws RequestRejectedException 400, or 426 for another version than 13
     */
    public static void check(RequestHead head) throws RequestRejectedException {
        if (!head.method().equals(HttpMethod.GET)) {
            throw malformed("A WebSocket handshake must be a GET request.");
        }
        if (head.hasBody()) {
            throw malformed("A WebSocket handshake must not have a body.");
        }
        if (!"13".equals(HeaderRules.single(head.headers(), HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new RequestRejectedException(new Rejection(
                    RefusalReason.UPGRADE_REQUIRED,
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "Only version 13 of the WebSocket protocol is supported.",
                    true,
                    List.of(new NameValue(FieldNames.SEC_WEBSOCKET_VERSION.toString(), "13"))));
        }
        String key = HeaderRules.single(head.headers(), HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key)) {
            throw malformed("The Sec-WebSocket-Key header is malformed.");
        }
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static RequestRejectedException malformed(String sentence) {
        return new RequestRejectedException(Rejection.malformed(sentence));
    }
}
