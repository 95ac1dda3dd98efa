// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** The Content-Length of a head (RFC 9110 §8.6, RFC 9112 §6.3). */
final class ContentLength {

    private static final String NAME = "Content-Length";

    private ContentLength() {}

    /**
     * Reads the length and replaces the header by a single one in its simplest form. {@link Syntax#TOLERANT} accepts
     * several equal values.
     *
     * @return in bytes; -1 for none
     * @throws MessageFault if it is not a single number
     */
    static long read(HttpHeaders headers, Syntax syntax) {
        if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return -1;
        }
        List<String> received = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        List<String> values = syntax == Syntax.TOLERANT ? members(received) : received;
        String value = values.get(0);
        if (values.size() > 1 && (syntax == Syntax.STRICT || !values.stream().allMatch(value::equals))) {
            throw MessageFault.malformed("it has more than one Content-Length");
        }
        long length = parse(value);
        String simplest = Long.toString(length);
        if (received.size() > 1 || !received.get(0).equals(simplest)) {
            headers.set(NAME, simplest);
        }
        return length;
    }

    private static List<String> members(List<String> lists) {
        List<String> members = new ArrayList<>(2);
        for (String list : lists) {
            for (String member : list.split(",", -1)) {
                members.add(member.trim());
            }
        }
        return members;
    }

    private static long parse(String value) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            if (digits) {
                return Long.parseLong(value);
            }
        } catch (NumberFormatException e) {
            // Larger than any body.
        }
        throw MessageFault.malformed("Content-Length is not a number");
    }
}
