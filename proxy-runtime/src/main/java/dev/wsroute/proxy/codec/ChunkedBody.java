package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** The chunked transfer coding (RFC 9112 §7.1), with the trailer section behind it. */
public final class ChunkedBody implements BodyDecoder {

    private enum Expected {
        SIZE,
        DATA,
        DATA_END,
        TRAILERS
    }

    private final SectionEnd trailersEnd;
    private final Syntax syntax;
    private Expected expected = Expected.SIZE;
    private long left;

    ChunkedBody(SectionEnd trailersEnd, Syntax syntax) {
        this.trailersEnd = trailersEnd;
        this.syntax = syntax;
    }

    @Override
    public @Nullable HttpContent next(ByteBuf bytes) {
        if (expected == Expected.DATA_END && !skipDataEnd(bytes)) {
            return null;
        }
        if (expected == Expected.SIZE && !readSize(bytes)) {
            return null;
        }
        if (expected == Expected.TRAILERS) {
            return trailers(bytes);
        }
        return bytes.isReadable() ? data(bytes) : null;
    }

    private boolean skipDataEnd(ByteBuf bytes) {
        if (bytes.readableBytes() < 2) {
            return false;
        }
        if (bytes.readByte() != Chars.CR || bytes.readByte() != Chars.LF) {
            throw MessageFault.malformed("A chunk is longer than its size");
        }
        expected = Expected.SIZE;
        return true;
    }

    private boolean readSize(ByteBuf bytes) {
        left = ChunkSize.read(bytes, syntax);
        if (left < 0) {
            return false;
        }
        expected = left == 0 ? Expected.TRAILERS : Expected.DATA;
        return true;
    }

    private HttpContent data(ByteBuf bytes) {
        int length = (int) Math.min(Math.min(bytes.readableBytes(), MAX_PIECE), left);
        left -= length;
        if (left == 0) {
            expected = Expected.DATA_END;
        }
        return new DefaultHttpContent(bytes.readRetainedSlice(length));
    }

    private @Nullable HttpContent trailers(ByteBuf bytes) {
        int length = trailersEnd.find(bytes, 0);
        if (length < 0) {
            return null;
        }
        byte[] section = new byte[length];
        bytes.readBytes(section);
        if (length == 2) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        return new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, HeaderLines.parse(section, 0, syntax));
    }
}
