// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Decodes one body with the framing that its head declares (RFC 9112 §6.3). */
public sealed interface BodyDecoder permits ChunkedBody, FixedLengthBody, BodyUntilClose {

    /** Maximum size of a piece. */
    int MAX_PIECE = 65536;

    /**
     * Reads the next piece.
     *
     * @return owned by the caller; {@link LastHttpContent} ends the body; null if more bytes are needed
     * @throws MessageFault if it is malformed or its trailers are too large
     */
    @Nullable HttpContent next(ByteBuf bytes);

    /** Whether the end of the connection ends the body. */
    default boolean endsWithConnection() {
        return false;
    }
}
