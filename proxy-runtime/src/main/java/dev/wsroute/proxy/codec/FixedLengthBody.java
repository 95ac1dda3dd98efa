// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;

/** A body with a {@code Content-Length}. */
public final class FixedLengthBody implements BodyDecoder {

    private long left;

    /** @param length at least 1 */
    public FixedLengthBody(long length) {
        this.left = length;
    }

    @Override
    public HttpContent next(ByteBuf bytes) {
        int length = (int) Math.min(Math.min(bytes.readableBytes(), MAX_PIECE), left);
        left -= length;
        ByteBuf piece = bytes.readRetainedSlice(length);
        return left == 0 ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece);
    }
}
