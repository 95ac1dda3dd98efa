// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A validated request head.
 *
 * @param method as received
 * @param target as received, one char per byte; an empty path in absolute form is {@code /}
 * @param path path of the target without query, as received
 * @param hostHeader as received; empty if there was none (HTTP/1.0)
 * @param host lower case, without port and trailing dot
 * @param headers as received
 * @param http11 false for HTTP/1.0
 * @param keepAlive whether the client's connection may serve another request
 * @param hasBody whether a body follows, with a length or chunked
 * @param clientInfo the client of the request
 * @param requestId identifies the request in logs
 * @param upgradesToWebSocket {@code Upgrade} lists {@code websocket} and {@code Connection} lists {@code upgrade}
 * @param grant what its access checks found out; {@link Grant#NONE} before they have ended
 */
public record RequestHead(
        HttpMethod method,
        String target,
        String path,
        String hostHeader,
        String host,
        HttpHeaders headers,
        boolean http11,
        boolean keepAlive,
        boolean hasBody,
        ClientInfo clientInfo,
        String requestId,
        boolean upgradesToWebSocket,
        Grant grant)
        implements AccessRequest {

    /** Size of an entry, two strings and their arrays. */
    private static final int OBJECTS_PER_HEADER = 160;

    /** The target without all query parameters of these names. */
    @Override
    public String targetWithout(Collection<String> parameters) {
        String kept = target;
        for (String parameter : parameters) {
            kept = RequestQuery.without(kept, parameter);
        }
        return kept;
    }

    /** Approximate heap usage in bytes, with its record. */
    public long heapBytes() {
        long bytes = 1024 + 4L * target.length();
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            bytes += OBJECTS_PER_HEADER
                    + 2L * header.getKey().length()
                    + 2L * header.getValue().length();
        }
        return bytes;
    }

    @Override
    public List<String> headerValues(String name) {
        return headers.getAll(name);
    }

    @Override
    public @Nullable String queryParam(String name) {
        return RequestQuery.param(target, name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return RequestCookies.value(headers.getAll(HttpHeaderNames.COOKIE), name);
    }

    @Override
    public List<String> cookies(String name) {
        return RequestCookies.values(headers.getAll(HttpHeaderNames.COOKIE), name);
    }

    @Override
    public InetAddress clientAddress() {
        return clientInfo.client();
    }

    @Override
    public @Nullable String subjectKey() {
        Subject subject = grant.subject();
        return subject == null ? null : subject.key();
    }

    @Override
    public boolean secure() {
        return clientInfo.secure();
    }
}
