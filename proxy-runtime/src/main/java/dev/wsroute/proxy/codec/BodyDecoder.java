package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Reads one body, by the framing that its head declares (RFC 9112 §6.3). */
public sealed interface BodyDecoder permits ChunkedBody, FixedLengthBody, BodyUntilClose {

    /** Longest piece that is passed on. */
    int MAX_PIECE = 65536;

    /**
     * Reads the next piece from the bytes.
     *
     * @return to be released; a {@link LastHttpContent} ends the body; null when more bytes are needed
     * @throws MessageFault if it is malformed or its trailers are too large
     */
    @Nullable HttpContent next(ByteBuf bytes);

    /** Whether the end of the connection is the end of the body. */
    default boolean endsWithConnection() {
        return false;
    }
}
