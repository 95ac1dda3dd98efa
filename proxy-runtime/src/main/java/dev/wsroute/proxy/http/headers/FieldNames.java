// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;

/**
 * Names and values of headers that the proxy writes, spelled as in the RFCs: names are case-insensitive (RFC 9110
 * §5.1), but some peers compare case. Use {@link HttpHeaderNames} for look-ups.
 */
public final class FieldNames {

    public static final AsciiString CONNECTION = AsciiString.cached("Connection");
    public static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    public static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    public static final AsciiString COOKIE = AsciiString.cached("Cookie");
    public static final AsciiString HOST = AsciiString.cached("Host");
    public static final AsciiString LOCATION = AsciiString.cached("Location");
    public static final AsciiString RETRY_AFTER = AsciiString.cached("Retry-After");
    public static final AsciiString SEC_WEBSOCKET_PROTOCOL = AsciiString.cached("Sec-WebSocket-Protocol");
    public static final AsciiString SEC_WEBSOCKET_VERSION = AsciiString.cached("Sec-WebSocket-Version");
    public static final AsciiString SET_COOKIE = AsciiString.cached("Set-Cookie");
    public static final AsciiString TE = AsciiString.cached("TE");
    public static final AsciiString TRAILER = AsciiString.cached("Trailer");
    public static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");
    public static final AsciiString UPGRADE = AsciiString.cached("Upgrade");

    /** Envoy's header for a verified client certificate. */
    public static final AsciiString X_FORWARDED_CLIENT_CERT = AsciiString.cached("X-Forwarded-Client-Cert");

    /** The value of {@link #CONNECTION} together with {@link #UPGRADE}. */
    public static final AsciiString CONNECTION_UPGRADE = AsciiString.cached("Upgrade");

    private FieldNames() {}
}
