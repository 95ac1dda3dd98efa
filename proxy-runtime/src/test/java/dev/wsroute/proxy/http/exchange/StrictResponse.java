// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The bytes of one response to a GET, as parsed by a strict reader: CRLF ends lines, and one header says
 * where the body ends.
 *
 * @param head its lines
 * @param trailers their lines
 * @param whole false if the bytes end before the body does
 */
record StrictResponse(List<String> head, String content, List<String> trailers, boolean whole) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 [1-9][0-9]{2} [\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Pattern TRAILER = Pattern.compile("X-Sum: .*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Fails if the bytes are ambiguous or contain more than one response. */
    static StrictResponse read(String bytes) {
        int end = bytes.indexOf("\r\n\r\n");
        assertThat(end).isPositive();
        List<String> head = List.of(bytes.substring(0, end).split("\r\n", -1));
        assertThat(head.get(0)).matches(STATUS_LINE);
        assertThat(head.subList(1, head.size()))
                .allSatisfy(line -> assertThat(line).matches(HEADER));
        List<String> framing = head.stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:") || line.startsWith("transfer-encoding:"))
                .toList();
        String body = bytes.substring(end + 4);
        if (head.get(0).startsWith("HTTP/1.1 204") || head.get(0).startsWith("HTTP/1.1 304")) {
            assertThat(body).isEmpty();
            return new StrictResponse(head, "", List.of(), true);
        }
        assertThat(framing).hasSize(1);
        if (framing.get(0).equals("transfer-encoding: chunked")) {
            return chunked(head, body);
        }
        assertThat(framing.get(0)).matches("content-length: (0|[1-9][0-9]*)");
        long length = Long.parseLong(framing.get(0).substring("content-length: ".length()));
        assertThat((long) body.length()).isLessThanOrEqualTo(length);
        return new StrictResponse(head, body, List.of(), body.length() == length);
    }

    private static StrictResponse chunked(List<String> head, String body) {
        StringBuilder content = new StringBuilder();
        String rest = body;
        while (!rest.isEmpty()) {
            int lineEnd = rest.indexOf("\r\n");
            String line = rest.substring(0, lineEnd);
            assertThat(line).matches("0|[1-9a-f][0-9a-f]*");
            int size = Integer.parseInt(line, 16);
            rest = rest.substring(lineEnd + 2);
            if (size == 0) {
                return new StrictResponse(head, content.toString(), trailers(rest), true);
            }
            content.append(rest, 0, size);
            assertThat(rest.substring(size)).startsWith("\r\n");
            rest = rest.substring(size + 2);
        }
        return new StrictResponse(head, content.toString(), List.of(), false);
    }

    private static List<String> trailers(String section) {
        assertThat(section).endsWith("\r\n");
        List<String> lines = new ArrayList<>(List.of(section.split("\r\n")));
        lines.removeIf(String::isEmpty);
        assertThat(lines).allSatisfy(line -> assertThat(line).matches(HEADER).matches(TRAILER));
        // Every line with its CRLF, and the empty line: nothing follows.
        assertThat(section).isEqualTo(lines.isEmpty() ? "\r\n" : String.join("\r\n", lines) + "\r\n\r\n");
        return lines;
    }
}
