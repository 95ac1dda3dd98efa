// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.tcp.ScratchBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.nio.charset.StandardCharsets;

/** Writes the request target unchanged, byte for byte. Netty's encoder would complete and re-encode it. */
public final class BackendRequestEncoder extends HttpRequestEncoder {

    private static final BackendRequestEncoder HEADS = new BackendRequestEncoder();

    private static final ScratchBuffer SCRATCH = new ScratchBuffer();

    /** Encodes a request head without an encoder in the pipeline. */
    public static ByteBuf head(ByteBufAllocator allocator, HttpRequest request) {
        ByteBuf bytes = SCRATCH.take(allocator);
        try {
            HEADS.encodeInitialLine(bytes, request);
            HEADS.encodeHeaders(request.headers(), bytes);
            ByteBufUtil.writeShortBE(bytes, HttpConstants.CR << Byte.SIZE | HttpConstants.LF);
            return bytes;
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
    }

    @Override
    protected void encodeInitialLine(ByteBuf buffer, HttpRequest request) {
        buffer.writeCharSequence(request.method().name(), StandardCharsets.US_ASCII);
        buffer.writeByte(' ');
        buffer.writeCharSequence(request.uri(), StandardCharsets.ISO_8859_1);
        buffer.writeCharSequence(" HTTP/1.1\r\n", StandardCharsets.US_ASCII);
    }
}
