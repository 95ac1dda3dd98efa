// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first line of a response (RFC 9112 §4), parsed with {@link Syntax#TOLERANT}: the reason and the space before it
 * may be missing, and several spaces count as one.
 *
 * @param status 100 to 999; some backends use values from 600 on
 * @param length length of the line with its end
 */
public record StatusLine(HttpVersion version, HttpResponseStatus status, int length) {

    private static final byte[] NAME = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    /** Length of {@code HTTP/1.1}. */
    private static final int VERSION = NAME.length + 3;

    private static final int DIGITS = 3;
    private static final int SMALLEST = 100;

    /** @throws MessageFault if the bytes do not start with a status line */
    public static StatusLine parse(byte[] bytes) {
        HttpVersion version = version(bytes);
        int code = afterBlanks(bytes, VERSION);
        int afterCode = code + DIGITS;
        int reason = afterBlanks(bytes, afterCode);
        int end = reason;
        while (end < bytes.length && Chars.isText(bytes[end])) {
            end++;
        }
        int lineEnd = Syntax.TOLERANT.lineEnd(bytes, end);
        if (code == VERSION || lineEnd == 0 || (reason == afterCode && end > reason)) {
            throw malformed();
        }
        int reasonEnd = end;
        while (reasonEnd > reason && Chars.isBlank(bytes[reasonEnd - 1])) {
            reasonEnd--;
        }
        String text = new String(bytes, reason, reasonEnd - reason, StandardCharsets.ISO_8859_1);
        return new StatusLine(version, HttpResponseStatus.valueOf(code(bytes, code), text), end + lineEnd);
    }

    /**
     * RFC 9110 §2.5: a higher minor version is treated as 1.1. Some backends repeat the version that they assume the
     * client uses.
     */
    private static HttpVersion version(byte[] bytes) {
        if (bytes.length < VERSION || !Arrays.equals(bytes, 0, NAME.length, NAME, 0, NAME.length)) {
            throw malformed();
        }
        int major = digit(bytes[NAME.length]);
        int minor = digit(bytes[NAME.length + 2]);
        if (major == 0 || bytes[NAME.length + 1] != '.') {
            throw malformed();
        }
        return major == 1 && minor == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static int digit(byte character) {
        if (character < '0' || character > '9') {
            throw malformed();
        }
        return character - '0';
    }

    private static int afterBlanks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && Chars.isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int code(byte[] bytes, int start) {
        int code = 0;
        for (int i = start; i < start + DIGITS; i++) {
            code = code * 10 + digit(bytes[i]);
        }
        if (code < SMALLEST) {
            throw malformed();
        }
        return code;
    }

    private static MessageFault malformed() {
        return MessageFault.malformed("the status line is malformed");
    }
}
