package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Parses the lines of a complete section into headers (RFC 9112 §5). */
final class HeaderLines {

    /** No validation: the names and values were checked byte by byte already. */
    private static final HttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final byte[] bytes;
    private final Syntax syntax;
    private int at;

    private HeaderLines(byte[] bytes, int start, Syntax syntax) {
        this.bytes = bytes;
        this.syntax = syntax;
        this.at = start;
    }

    /**
     * @param bytes end with the section; folded lines are unfolded in place
     * @param start of the first line
     * @throws MessageFault if a line is not a header
     */
    static HttpHeaders parse(byte[] bytes, int start, Syntax syntax) {
        return new HeaderLines(bytes, start, syntax).all();
    }

    private HttpHeaders all() {
        HttpHeaders headers = UNCHECKED.newHeaders();
        while (!isLineEnd(at)) {
            AsciiString name = name();
            headers.add(name, value());
        }
        return headers;
    }

    private AsciiString name() {
        int start = at;
        while (at < bytes.length && Chars.isToken(bytes[at])) {
            at++;
        }
        int end = at;
        if (syntax == Syntax.TOLERANT) {
            // RFC 9112 §5.1: a proxy removes it from a response.
            skipBlanks();
        }
        if (end == start || at == bytes.length || bytes[at] != ':') {
            throw MessageFault.malformed("A header line has no name, or no colon behind it");
        }
        at++;
        return new AsciiString(bytes, start, end - start, true);
    }

    private String value() {
        skipBlanks();
        int start = at;
        while (true) {
            while (at < bytes.length && Chars.isText(bytes[at])) {
                at++;
            }
            if (!isLineEnd(at)) {
                throw MessageFault.malformed("A header's value has a control character in it");
            }
            if (!Chars.isBlank(bytes[at + 2])) {
                break;
            }
            unfold();
        }
        int end = at;
        while (end > start && Chars.isBlank(bytes[end - 1])) {
            end--;
        }
        at += 2;
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** RFC 9112 §5.2: a server may refuse a folded line; a proxy replaces the fold in a response by spaces. */
    private void unfold() {
        if (syntax == Syntax.STRICT) {
            throw MessageFault.malformed("A header line is folded");
        }
        bytes[at] = ' ';
        bytes[at + 1] = ' ';
    }

    private void skipBlanks() {
        while (at < bytes.length && Chars.isBlank(bytes[at])) {
            at++;
        }
    }

    /** Only the empty line ends at the last byte, so there is a byte behind every other line end. */
    private boolean isLineEnd(int index) {
        return index + 1 < bytes.length && bytes[index] == Chars.CR && bytes[index + 1] == Chars.LF;
    }
}
