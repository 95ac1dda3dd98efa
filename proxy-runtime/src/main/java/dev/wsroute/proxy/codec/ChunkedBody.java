// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The chunked transfer coding (RFC 9112 §7.1) with its trailer section. Small chunks that arrive together are merged
 * into one piece: each piece costs some hundred bytes of heap while queued, which a peer could exploit with chunks of
 * one byte.
 */
public final class ChunkedBody implements BodyDecoder {

    private enum Expected {
        SIZE,
        DATA,
        DATA_END,
        TRAILERS
    }

    /** Shorter pieces are merged by copying. */
    private static final int SMALL = 1024;

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
        if (!toData(bytes)) {
            return expected == Expected.TRAILERS ? trailers(bytes) : null;
        }
        int length = atHand(bytes);
        if (length < SMALL && length < bytes.readableBytes()) {
            return new DefaultHttpContent(together(bytes));
        }
        took(length);
        return new DefaultHttpContent(bytes.readRetainedSlice(length));
    }

    /** Skips framing up to the next chunk data; false if no data is available. */
    private boolean toData(ByteBuf bytes) {
        return (expected != Expected.DATA_END || skipDataEnd(bytes))
                && (expected != Expected.SIZE || readSize(bytes))
                && expected == Expected.DATA
                && bytes.isReadable();
    }

    /** Copies a small chunk and available small chunks after it. */
    private ByteBuf together(ByteBuf bytes) {
        ByteBuf all = bytes.alloc().buffer(SMALL);
        try {
            do {
                int length = atHand(bytes);
                all.writeBytes(bytes, length);
                took(length);
            } while (all.readableBytes() < MAX_PIECE - SMALL && anotherIsAtHand(bytes));
            return all;
        } catch (RuntimeException e) {
            all.release();
            throw e;
        }
    }

    /** Defers a fault to the next call, so that the data before it is passed on, however it was split. */
    private boolean anotherIsAtHand(ByteBuf bytes) {
        int start = bytes.readerIndex();
        Expected before = expected;
        try {
            return toData(bytes) && left < SMALL;
        } catch (MessageFault fault) {
            bytes.readerIndex(start);
            expected = before;
            return false;
        }
    }

    private boolean skipDataEnd(ByteBuf bytes) {
        int start = bytes.readerIndex();
        int readable = bytes.readableBytes();
        if (readable == 0 || (readable == 1 && bytes.getByte(start) == Chars.CR)) {
            return false;
        }
        boolean lfAlone = bytes.getByte(start) == Chars.LF && syntax == Syntax.TOLERANT;
        if (!lfAlone && (bytes.getByte(start) != Chars.CR || bytes.getByte(start + 1) != Chars.LF)) {
            throw MessageFault.malformed("a chunk is longer than declared");
        }
        bytes.skipBytes(lfAlone ? 1 : 2);
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

    private int atHand(ByteBuf bytes) {
        return (int) Math.min(Math.min(bytes.readableBytes(), MAX_PIECE), left);
    }

    private void took(int length) {
        left -= length;
        if (left == 0) {
            expected = Expected.DATA_END;
        }
    }

    private @Nullable HttpContent trailers(ByteBuf bytes) {
        int length = trailersEnd.find(bytes, 0);
        if (length < 0) {
            return null;
        }
        byte[] section = new byte[length];
        bytes.readBytes(section);
        if (syntax.lineEnd(section, 0) == length) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        return new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, HeaderLines.parse(section, 0, syntax));
    }
}
