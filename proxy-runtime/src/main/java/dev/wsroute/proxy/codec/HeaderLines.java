// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Parses the lines of a complete section into headers (RFC 9112 §5). */
final class HeaderLines {

    /** Without validation, since names and values are checked byte by byte here. */
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
     * @param bytes bytes up to the end of the section
     * @param start index of the first line
     * @throws MessageFault if a line is not a header
     */
    static HttpHeaders parse(byte[] bytes, int start, Syntax syntax) {
        return new HeaderLines(bytes, start, syntax).all();
    }

    private HttpHeaders all() {
        HttpHeaders headers = UNCHECKED.newHeaders();
        while (syntax.lineEnd(bytes, at) == 0) {
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
            throw MessageFault.malformed("a header line has no name or no colon");
        }
        at++;
        AsciiString common = CommonNames.find(bytes, start, end);
        return common == null ? new AsciiString(bytes, start, end - start, true) : common;
    }

    private String value() {
        skipBlanks();
        int start = at;
        while (at < bytes.length && Chars.isText(bytes[at])) {
            at++;
        }
        int lineEnd = syntax.lineEnd(bytes, at);
        if (lineEnd == 0) {
            throw MessageFault.malformed("a header value has a control character");
        }
        int end = at;
        at += lineEnd;
        // Only the empty line ends at the last byte, so each other line end is followed by a byte.
        if (Chars.isBlank(bytes[at])) {
            // RFC 9112 §5.2: a folded response header may be unfolded or refused. Programs differ in how they interpret
            // it.
            throw MessageFault.malformed("a header line is folded");
        }
        while (end > start && Chars.isBlank(bytes[end - 1])) {
            end--;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private void skipBlanks() {
        while (at < bytes.length && Chars.isBlank(bytes[at])) {
            at++;
        }
    }
}
