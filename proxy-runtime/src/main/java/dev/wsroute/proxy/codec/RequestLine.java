// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * The first line of a request: three parts separated by exactly one space (RFC 9112 §3).
 *
 * @param target as received, one char per byte
 * @param version as received; only 1.0 and 1.1 are supported
 * @param length length of the line with its end
 */
public record RequestLine(HttpMethod method, String target, HttpVersion version, int length) {

    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    /** @throws MessageFault if the bytes do not start with a request line */
    public static RequestLine parse(byte[] bytes) {
        int methodEnd = 0;
        while (methodEnd < bytes.length && Chars.isToken(bytes[methodEnd])) {
            methodEnd++;
        }
        int targetStart = methodEnd + 1;
        int targetEnd = targetStart;
        while (targetEnd < bytes.length && Chars.isVisible(bytes[targetEnd])) {
            targetEnd++;
        }
        int versionStart = targetEnd + 1;
        int end = versionStart + VERSION_LENGTH;
        if (methodEnd == 0
                || targetEnd == targetStart
                || end + 1 >= bytes.length
                || bytes[methodEnd] != ' '
                || bytes[targetEnd] != ' '
                || bytes[end] != Chars.CR
                || bytes[end + 1] != Chars.LF) {
            throw MessageFault.malformed("the request line is malformed");
        }
        return new RequestLine(
                HttpMethod.valueOf(text(bytes, 0, methodEnd)),
                text(bytes, targetStart, targetEnd),
                version(text(bytes, versionStart, end)),
                end + 2);
    }

    private static HttpVersion version(String text) {
        return switch (text) {
            case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
            case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
            default -> {
                if (!isVersion(text)) {
                    throw MessageFault.malformed("the request line has no HTTP version");
                }
                yield new HttpVersion("HTTP", text.charAt(5) - '0', text.charAt(7) - '0', false);
            }
        };
    }

    private static boolean isVersion(String text) {
        return text.startsWith("HTTP/") && isDigit(text.charAt(5)) && text.charAt(6) == '.' && isDigit(text.charAt(7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
