// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.codec.HostSyntax;
import dev.wsroute.proxy.codec.MessageFault;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.RequestId;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Refuses malformed and ambiguous request heads (RFC 9112 §3, §6; RFC 9110 §7.2). */
public final class RequestCheck {

    private static final Set<String> KNOWN_METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private RequestCheck() {}

    /** @throws RequestRejectedException if the request is refused */
    public static RequestHead check(HttpRequest request, ClientInfo clientInfo) throws RequestRejectedException {
        HttpVersion version = request.protocolVersion();
        boolean http11 = version.equals(HttpVersion.HTTP_1_1);
        if (!http11 && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new RequestRejectedException(new Rejection(
                    RefusalReason.NOT_SUPPORTED,
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
                    "Only HTTP/1.1 and HTTP/1.0 are supported.",
                    true,
                    List.of()));
        }
        HttpMethod method = request.method();
        if (isMisspelled(method)) {
            throw new RequestRejectedException(new Rejection(
                    RefusalReason.NOT_SUPPORTED,
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "The method is not supported; method names are case-sensitive.",
                    true,
                    List.of()));
        }
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            throw new RequestRejectedException(new Rejection(
                    RefusalReason.NOT_SUPPORTED,
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "The method is not allowed.",
                    true,
                    List.of()));
        }
        HttpHeaders headers = request.headers();
        boolean hasBody = checkFraming(headers, http11);
        String hostHeader = host(headers, http11);
        RequestTarget target = RequestTarget.of(request.uri(), hostHeader, method, clientInfo.secure());
        return new RequestHead(
                method,
                target.text(),
                target.path(),
                hostHeader,
                HostSyntax.name(hostHeader),
                headers,
                http11,
                http11 && !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true),
                hasBody,
                clientInfo,
                RequestId.of(headers, clientInfo.trusted()),
                http11
                        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true),
                Grant.NONE);
    }

    /**
     * RFC 9110 §9.1: methods are case-sensitive, so {@code trace} is unknown. A backend might still treat it as the
     * forbidden method.
     */
    private static boolean isMisspelled(HttpMethod method) {
        String capitals = method.name().toUpperCase(Locale.ROOT);
        return !capitals.equals(method.name()) && KNOWN_METHODS.contains(capitals);
    }

    /** The rejection of a request that could not be parsed. */
    public static Rejection unreadable(Throwable cause) {
        return switch (kind(cause)) {
            case MALFORMED, TLS -> Rejection.malformed("The request is malformed.");
            case START_LINE_TOO_LONG ->
                new Rejection(
                        RefusalReason.TOO_LARGE,
                        HttpResponseStatus.REQUEST_URI_TOO_LONG,
                        "The request line is too long.",
                        true,
                        List.of());
            case TOO_LONG -> tooLarge("The request headers are too long.");
            case TOO_MANY_LINES -> tooLarge("The request has too many headers.");
            case NO_MEMORY -> noMemory();
        };
    }

    /** The rejection of a body or trailers that could not be decoded. */
    public static Rejection unreadableBody(Throwable cause) {
        return switch (kind(cause)) {
            case MALFORMED, TLS, START_LINE_TOO_LONG -> Rejection.malformed("The request body is malformed.");
            case TOO_LONG, TOO_MANY_LINES ->
                new Rejection(
                        RefusalReason.TOO_LARGE,
                        HttpResponseStatus.BAD_REQUEST,
                        "The request trailers are too long or too many.",
                        true,
                        List.of());
            case NO_MEMORY -> noMemory();
        };
    }

    /** Whether the client has sent a TLS record instead of a request. */
    public static boolean isTls(Throwable cause) {
        return kind(cause) == MessageFault.Kind.TLS;
    }

    private static MessageFault.Kind kind(Throwable cause) {
        return cause instanceof MessageFault fault ? fault.kind() : MessageFault.Kind.MALFORMED;
    }

    private static Rejection noMemory() {
        return Rejection.retryLater(
                        RefusalReason.UNFINISHED_HEADS,
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "Too many incomplete requests.")
                .andClose();
    }

    private static Rejection tooLarge(String sentence) {
        return new Rejection(
                RefusalReason.TOO_LARGE, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, sentence, true, List.of());
    }

    private static boolean checkFraming(HttpHeaders headers, boolean http11) throws RequestRejectedException {
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()) {
            if (!http11 || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                throw malformed("Transfer-Encoding is not allowed in HTTP/1.0 or together with Content-Length.");
            }
            if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
                throw malformed("The only supported Transfer-Encoding is chunked.");
            }
            return true;
        }
        // In this obsolete draft, a request has an undeclared body of eight bytes.
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
            throw malformed("This draft of the WebSocket protocol is not supported.");
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length != null && !length.equals("0");
    }

    private static String host(HttpHeaders headers, boolean http11) throws RequestRejectedException {
        String host = HeaderRules.single(headers, HttpHeaderNames.HOST);
        if (host == null) {
            if (!http11 && !headers.contains(HttpHeaderNames.HOST)) {
                return "";
            }
            throw malformed("Exactly one Host header is required.");
        }
        if (!HostSyntax.isHost(host)) {
            throw malformed("The Host header is malformed.");
        }
        return host;
    }

    private static RequestRejectedException malformed(String sentence) {
        return new RequestRejectedException(Rejection.malformed(sentence));
    }
}
