// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.tcp.ScratchBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** An encoder that omits the body of responses to HEAD. */
public final class ResponseEncoder extends HttpResponseEncoder {

    private static final byte[] SWITCHING = "HTTP/1.1 101 Switching Protocols\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final ResponseEncoder HEADS = new ResponseEncoder();

    private static final ScratchBuffer SCRATCH = new ScratchBuffer();

    private boolean toHead;

    /** Encodes a 101 without an encoder in the pipeline. */
    public static ByteBuf switching(ByteBufAllocator allocator, HttpHeaders headers) {
        ByteBuf bytes = SCRATCH.take(allocator);
        try {
            bytes.writeBytes(SWITCHING);
            HEADS.encodeHeaders(headers, bytes);
            ByteBufUtil.writeShortBE(bytes, HttpConstants.CR << Byte.SIZE | HttpConstants.LF);
            return bytes;
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
    }

    /** Sets the method of the next response's request. */
    void answering(boolean head) {
        toHead = head;
    }

    @Override
    protected void sanitizeHeadersBeforeEncode(HttpResponse response, boolean isAlwaysEmpty) {
        super.sanitizeHeadersBeforeEncode(response, isAlwaysEmpty);
        if (isAlwaysEmpty && response.status().code() == HttpResponseStatus.RESET_CONTENT.code()) {
            // Like the superclass, but with another spelling of the name.
            response.headers().setInt(FieldNames.CONTENT_LENGTH, 0);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return toHead || super.isContentAlwaysEmpty(response);
    }
}
