package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first line of a response (RFC 9112 §4), as {@link Syntax#TOLERANT} has it. The reason and the space before it may
 * be missing; several spaces count as one.
 *
 * @param status 100 to 999: those from 600 on are in use, and pass
 * @param length of the line, its end included
 */
public record StatusLine(HttpVersion version, HttpResponseStatus status, int length) {

    private static final byte[] HTTP_1_1 = "HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTP_1_0 = "HTTP/1.0".getBytes(StandardCharsets.US_ASCII);

    private static final int DIGITS = 3;
    private static final int SMALLEST = 100;

    /** @throws MessageFault if the bytes do not begin with a status line */
    public static StatusLine parse(byte[] bytes) {
        HttpVersion version = version(bytes);
        int code = afterBlanks(bytes, HTTP_1_1.length);
        int afterCode = code + DIGITS;
        int reason = afterBlanks(bytes, afterCode);
        int end = reason;
        while (end < bytes.length && Chars.isText(bytes[end])) {
            end++;
        }
        int lineEnd = Syntax.TOLERANT.lineEnd(bytes, end);
        if (code == HTTP_1_1.length || lineEnd == 0 || (reason == afterCode && end > reason)) {
            throw malformed();
        }
        int reasonEnd = end;
        while (reasonEnd > reason && Chars.isBlank(bytes[reasonEnd - 1])) {
            reasonEnd--;
        }
        String text = new String(bytes, reason, reasonEnd - reason, StandardCharsets.ISO_8859_1);
        return new StatusLine(version, HttpResponseStatus.valueOf(code(bytes, code), text), end + lineEnd);
    }

    private static HttpVersion version(byte[] bytes) {
        if (startsWith(bytes, HTTP_1_1)) {
            return HttpVersion.HTTP_1_1;
        }
        if (startsWith(bytes, HTTP_1_0)) {
            return HttpVersion.HTTP_1_0;
        }
        throw malformed();
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
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
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw malformed();
            }
            code = code * 10 + bytes[i] - '0';
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
