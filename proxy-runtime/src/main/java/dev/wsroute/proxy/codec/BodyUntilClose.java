// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;

/** The body of a response that ends with the backend's connection. */
public final class BodyUntilClose implements BodyDecoder {

    @Override
    public HttpContent next(ByteBuf bytes) {
        return new DefaultHttpContent(bytes.readRetainedSlice(Math.min(bytes.readableBytes(), MAX_PIECE)));
    }

    @Override
    public boolean endsWithConnection() {
        return true;
    }
}
