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
 * Decodes HTTP/1 messages. Heads and trailers stay bytes until they are complete; the bytes kept are reserved from a
 * budget that all connections share. A message that cannot be decoded is emitted as an object with a failed {@link
 * DecoderResult}, whose cause is a {@link MessageFault}, or another exception if it is malformed; all bytes behind it
 * are dropped.
 */
public abstract class MessageDecoder extends ByteToMessageDecoder {

    /**
     * RFC 9112 §2.2: at least one empty line is to be ignored, for old clients that send an extra line end behind a
     * body.
     */
    private static final int MAX_EMPTY_LINES = 8;

    private final Syntax syntax;
    private final SectionEnd sectionEnd;
    private final Reservation unfinished;
    private @Nullable BodyDecoder body;
    private int emptyLines;
    private boolean startLineChecked;
    private boolean broken;
    private boolean connectionBroke;

    /**
     * @param limits of a head, and of trailers; read for each message, since they may change
     * @param unfinished budget for the bytes of unfinished heads and trailers
     */
    protected MessageDecoder(Syntax syntax, Supplier<HeadLimits> limits, MemoryBudget unfinished) {
        this.syntax = syntax;
        this.sectionEnd = new SectionEnd(limits);
        this.unfinished = new Reservation(unfinished);
    }

    /**
     * Creates a message from a complete head.
     *
     * @throws MessageFault when it is malformed
     */
    protected abstract HttpMessage message(byte[] head);

    /**
     * Checks the first line of an incomplete head.
     *
     * @param lines the first line, and perhaps more
     * @throws MessageFault when it is malformed
     */
    protected abstract void checkStartLine(byte[] lines);

    /**
     * Returns the decoder for the body that follows a head.
     *
     * @return null: none
     * @throws IllegalArgumentException if the headers are ambiguous
     */
    protected abstract @Nullable BodyDecoder bodyOf(HttpMessage message);

    /** Creates the object that is emitted instead of a head that cannot be decoded. */
    protected abstract HttpMessage unreadable();

    /** The headers of a head, from {@code start} on. */
    protected final HttpHeaders headers(byte[] head, int start) {
        return HeaderLines.parse(head, start, syntax);
    }

    /** A body that is chunked. */
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

    /** Decodes one head, or one piece of a body, if enough bytes are there. */
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
     * What is at hand of a backend's response. It is read before the head is passed on, so that a response whose body is
     * malformed from its start is answered with 502 rather than cut.
     */
    private @Nullable HttpContent firstPiece(BodyDecoder next, ByteBuf bytes) {
        return syntax == Syntax.TOLERANT && bytes.isReadable() ? next.next(bytes) : null;
    }

    /**
     * Whether the head has begun. Another protocol is refused at once rather than when the time for a head is over.
     */
    private boolean begins(ByteBuf bytes) {
        if (!skipEmptyLines(bytes)) {
            return false;
        }
        if (!Chars.isToken(bytes.getByte(bytes.readerIndex()))) {
            throw MessageFault.malformed("the head does not begin with a line");
        }
        return true;
    }

    /** @return false if nothing is behind them */
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
                throw MessageFault.malformed("the head does not begin with a line");
            }
            bytes.skipBytes(length);
        }
        return false;
    }

    /** @return the length of the empty line that begins with the next byte; 0: none does */
    private int emptyLine(ByteBuf bytes) {
        return switch (bytes.getByte(bytes.readerIndex())) {
            case Chars.CR -> 2;
            case Chars.LF -> syntax == Syntax.TOLERANT ? 1 : 0;
            default -> 0;
        };
    }

    /** Refuses another protocol as soon as its first line is there. */
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

    /** Reserves the memory of the bytes that wait for the rest of a section. */
    private void keep(ByteBuf bytes) {
        if (!unfinished.hold(bytes.isReadable() ? bytes.capacity() : 0)) {
            throw new MessageFault(
                    MessageFault.Kind.NO_MEMORY, "the budget for unfinished heads and trailers is exhausted");
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

    /** After an I/O error the end of the connection says nothing of the body: bytes may be missing (RFC 9112 §8). */
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
