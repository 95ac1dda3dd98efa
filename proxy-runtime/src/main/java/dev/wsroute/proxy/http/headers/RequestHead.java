package dev.wsroute.proxy.http.headers;

import dev.wsroute.proxy.origin.Origin;
import dev.wsroute.proxy.routing.RequestFacts;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request head that was found well-formed.
 *
 * @param method as received
 * @param target as received, byte for byte (one char each); an empty path in absolute form is {@code /}
 * @param path of the target, without its query, as received
 * @param hostHeader as received; empty when there was none (HTTP/1.0)
 * @param host in lower case, without port and without the root's dot
 * @param headers as received
 * @param http11 false for HTTP/1.0
 * @param keepAlive the client's connection may serve another request
 * @param hasBody a body follows, of given length or chunked
 * @param origin where it comes from
 * @param requestId by which it is found in logs
 * @param upgradesToWebSocket {@code Upgrade} lists {@code websocket} and {@code Connection} lists {@code upgrade}
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
        Origin origin,
        String requestId,
        boolean upgradesToWebSocket)
        implements RequestFacts {

    /** An entry, two strings and their arrays. */
    private static final int OBJECTS_PER_HEADER = 160;

    /** About what it takes of the heap, with the record of it. */
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
    public InetAddress clientAddress() {
        return origin.client();
    }

    @Override
    public boolean secure() {
        return origin.secure();
    }
}
