// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.Reservation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes HTTP/1 messages. Heads and trailers are kept as bytes until they are complete, in memory reserved from a
 * budget that all connections share. A message that cannot be decoded is emitted as an object with a failed {@link
 * DecoderResult} whose cause is a {@link MessageFault} or, if malformed, another exception. All bytes after it are
 * dropped.
 */
public abstract class MessageDecoder extends ByteToMessageDecoder {

    /**
     * RFC 9112 §2.2: at least one empty line must be ignored, for old clients that send an extra line end after a body.
     */
    private static final int MAX_EMPTY_LINES = 8;

    /** First byte of a TLS connection: the content type of handshake records (RFC 8446 §5.1). */
    private static final byte TLS_HANDSHAKE = 22;

    private final Syntax syntax;
    private final SectionEnd sectionEnd;
    private final Reservation unfinished;
    private @Nullable BodyDecoder body;
    private int emptyLines;
    private boolean startLineChecked;
    private boolean broken;
    private boolean connectionBroke;

    /**
     * @param limits limits of a head and of trailers; read for each message, since they may change
     * @param unfinished budget for incomplete heads and trailers
     */
    protected MessageDecoder(Syntax syntax, Supplier<HeadLimits> limits, MemoryBudget unfinished) {
        this.syntax = syntax;
        this.sectionEnd = new SectionEnd(limits);
        this.unfinished = new Reservation(unfinished);
    }

    /**
     * Creates a message from a complete head.
     *
     * @throws MessageFault if it is malformed
     */
    protected abstract HttpMessage message(byte[] head);

    /**
     * Checks the first line of an incomplete head.
     *
     * @param lines the first line, and perhaps more
     * @throws MessageFault if it is malformed
     */
    protected abstract void checkStartLine(byte[] lines);

    /**
     * Returns the decoder of the body after a head.
     *
     * @return null for none
     * @throws IllegalArgumentException if the framing is ambiguous
     */
    protected abstract @Nullable BodyDecoder bodyOf(HttpMessage message);

    /** Creates the object to emit for a head that cannot be decoded. */
    protected abstract HttpMessage unreadable();

    /** Parses the headers of a head from index {@code start}. */
    protected final HttpHeaders headers(byte[] head, int start) {
        return HeaderLines.parse(head, start, syntax);
    }

    /** A decoder of a chunked body. */
    protected final BodyDecoder chunked() {
        return new ChunkedBody(sectionEnd, syntax);
    }

    /**
     * The value of {@code Content-Length}; the header is rewritten in its simplest form.
     *
     * @return -1: none
     * @throws MessageFault if it is not a number, or there are several
     */
    protected final long contentLength(HttpMessage message) {
        return ContentLength.read(message.headers(), syntax);
    }

    /** Decodes one head or one piece of a body if enough bytes are available. */
    protected final void decodeNext(ByteBuf bytes, List<Object> out) {
        if (broken) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        BodyDecoder current = body;
        try {
            if (current == null) {
                decodeHead(bytes, out);
            } else {
                decodeBody(current, bytes, out);
            }
        } catch (MessageFault | IllegalArgumentException e) {
            broken = true;
            unfinished.hold(0);
            bytes.skipBytes(bytes.readableBytes());
            HttpObject unreadable = current == null ? unreadable() : new DefaultLastHttpContent();
            unreadable.setDecoderResult(DecoderResult.failure(e));
            out.add(unreadable);
        }
    }

    private void decodeHead(ByteBuf bytes, List<Object> out) {
        int length = begins(bytes) ? sectionEnd.find(bytes, 1) : -1;
        if (length < 0) {
            checkSoFar(bytes);
            keep(bytes);
            return;
        }
        byte[] head = new byte[length];
        bytes.readBytes(head);
        unfinished.hold(0);
        emptyLines = 0;
        startLineChecked = false;
        HttpMessage message = message(head);
        BodyDecoder next = bodyOf(message);
        HttpContent first = next == null ? LastHttpContent.EMPTY_LAST_CONTENT : firstPiece(next, bytes);
        body = next;
        out.add(message);
        if (first != null) {
            passOn(first, out);
        }
    }

    /**
     * The available part of the body. It is decoded before the head is passed on, so that a response whose body is
     * malformed from the start becomes a 502 instead of a truncated response.
     */
    private @Nullable HttpContent firstPiece(BodyDecoder next, ByteBuf bytes) {
        return syntax == Syntax.TOLERANT && bytes.isReadable() ? next.next(bytes) : null;
    }

    /** Whether the head has begun. Other protocols are refused at once rather than after the timeout for a head. */
    private boolean begins(ByteBuf bytes) {
        if (!skipEmptyLines(bytes)) {
            return false;
        }
        byte first = bytes.getByte(bytes.readerIndex());
        if (!Chars.isToken(first)) {
            throw first == TLS_HANDSHAKE
                    ? new MessageFault(MessageFault.Kind.TLS, "it is TLS")
                    : MessageFault.malformed("it is not HTTP");
        }
        return true;
    }

    /** @return false if no bytes follow */
    private boolean skipEmptyLines(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int length = emptyLine(bytes);
            if (length == 0) {
                return true;
            }
            if (bytes.readableBytes() < length) {
                return false;
            }
            if (bytes.getByte(bytes.readerIndex() + length - 1) != Chars.LF || ++emptyLines > MAX_EMPTY_LINES) {
                throw MessageFault.malformed("it is not HTTP");
            }
            bytes.skipBytes(length);
        }
        return false;
    }

    /** @return length of an empty line at the reader index; 0 if there is none */
    private int emptyLine(ByteBuf bytes) {
        return switch (bytes.getByte(bytes.readerIndex())) {
            case Chars.CR -> 2;
            case Chars.LF -> syntax == Syntax.TOLERANT ? 1 : 0;
            default -> 0;
        };
    }

    /** Refuses another protocol as soon as its first line is complete. */
    private void checkSoFar(ByteBuf bytes) {
        int whole = sectionEnd.wholeLines();
        if (whole > 0 && !startLineChecked) {
            byte[] lines = new byte[whole];
            bytes.getBytes(bytes.readerIndex(), lines);
            checkStartLine(lines);
            startLineChecked = true;
        }
    }

    private void decodeBody(BodyDecoder current, ByteBuf bytes, List<Object> out) {
        HttpContent piece = current.next(bytes);
        if (piece == null) {
            keep(bytes);
            return;
        }
        unfinished.hold(0);
        passOn(piece, out);
    }

    private void passOn(HttpContent piece, List<Object> out) {
        out.add(piece);
        if (piece instanceof LastHttpContent) {
            body = null;
        }
    }

    /** Reserves memory for the bytes of an incomplete section. */
    private void keep(ByteBuf bytes) {
        if (!unfinished.hold(bytes.isReadable() ? bytes.capacity() : 0)) {
            throw new MessageFault(MessageFault.Kind.NO_MEMORY, "the memory for incomplete heads is exhausted");
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        BodyDecoder current = body;
        if (current != null && current.endsWithConnection() && !connectionBroke && !in.isReadable()) {
            body = null;
            out.add(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** After an I/O error, the end of the connection does not end a body: bytes may be missing (RFC 9112 §8). */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        connectionBroke |= cause instanceof IOException;
        super.exceptionCaught(ctx, cause);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        unfinished.hold(0);
    }
}
