package dev.wsroute.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.nio.charset.StandardCharsets;

/** Writes the request target as it was read, byte for byte: the codec's own would complete and re-encode it. */
public final class BackendRequestEncoder extends HttpRequestEncoder {

    @Override
    protected void encodeInitialLine(ByteBuf buffer, HttpRequest request) {
        buffer.writeCharSequence(request.method().name(), StandardCharsets.US_ASCII);
        buffer.writeByte(' ');
        buffer.writeCharSequence(request.uri(), StandardCharsets.ISO_8859_1);
        buffer.writeCharSequence(" HTTP/1.1\r\n", StandardCharsets.US_ASCII);
    }
}
