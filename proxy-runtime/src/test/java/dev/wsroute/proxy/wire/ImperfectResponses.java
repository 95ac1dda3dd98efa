// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import java.util.List;

/** Imperfect responses of backends to plain requests, and the client's view of them: rows of docs/compatibility.md. */
final class ImperfectResponses {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String LENGTH = "Content-Length: 2\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private static final String STATUS_LINE = "the status line is malformed";
    private static final String NO_NAME = "a header line has no name or no colon";
    private static final String CONTROL = "a header value has a control character";
    private static final String FOLDED = "a header line is folded";
    private static final String SEVERAL = "it has more than one Content-Length";
    private static final String NO_NUMBER = "Content-Length is not a number";
    private static final String CODING = "Transfer-Encoding is not chunked, or the version is not HTTP/1.1";
    private static final String SIZE = "a chunk size is malformed";

    private static final String PASSED = OK + LENGTH + "\r\nok";
    private static final String CHUNKS = OK + CHUNKED + "\r\n";
    private static final String CHUNKS_PASSED = CHUNKS + "ok";

    private ImperfectResponses() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        lines(table);
        names(table);
        lengths(table);
        codings(table);
        chunks(table);
        brokenChunks(table);
        return table.cases();
    }

    private static void lines(HandshakeTable table) {
        String section = "RFC 9112 §2.2";
        String version = "RFC 9112 §2.3";
        table.serves("LF ends every line", section, (OK + LENGTH + "\r\n").replace("\r\n", "\n") + "ok", PASSED)
                .serves(
                        "LF ends the header lines, CRLF the status line",
                        section,
                        OK + "X-Cgi: 1\n" + "Content-Length: 2\n\nok",
                        OK + "X-Cgi: 1\r\n" + LENGTH + "\r\nok")
                .serves(
                        "LF ends one header line",
                        section,
                        OK + "X-Cgi: 1\n" + LENGTH + "\r\nok",
                        OK + "X-Cgi: 1\r\n" + LENGTH + "\r\nok")
                .serves("LF is the empty line", section, OK + LENGTH + "\nok", PASSED)
                .serves(
                        "LF ends an interim response",
                        section,
                        "HTTP/1.1 100 Continue\n\n" + OK + LENGTH + "\r\nok",
                        "HTTP/1.1 100 Continue\r\n\r\n" + PASSED)
                .serves("an empty line before the status line", section, "\r\n" + OK + LENGTH + "\r\nok", PASSED)
                .serves("a status line of HTTP/1.2", "RFC 9110 §2.5", "HTTP/1.2 200 OK\r\n" + LENGTH + "\r\nok", PASSED)
                .serves("a status line of HTTP/2.0", "RFC 9110 §2.5", "HTTP/2.0 200 OK\r\n" + LENGTH + "\r\nok", PASSED)
                .fails("a status line of HTTP/2", version, "HTTP/2 200 OK\r\n" + LENGTH + "\r\nok", STATUS_LINE)
                .fails("a status line of HTTP/1.10", version, "HTTP/1.10 200 OK\r\n" + LENGTH + "\r\nok", STATUS_LINE)
                .fails("a status line of HTTP/0.9", version, "HTTP/0.9 200 OK\r\n" + LENGTH + "\r\nok", STATUS_LINE)
                .fails("a status line of ICY", version, "ICY 200 OK\r\n" + LENGTH + "\r\nok", STATUS_LINE)
                .fails("CR alone in a value", section, OK + "X-A: a\rX-B: b\r\n" + LENGTH + "\r\nok", CONTROL)
                .fails("CR CR LF at the end of a line", section, OK + "X-A: a\r\r\n" + LENGTH + "\r\nok", CONTROL)
                .fails("CR alone in the reason", section, "HTTP/1.1 200 O\rK\r\n" + LENGTH + "\r\nok", STATUS_LINE)
                .fails("NUL in a value", "RFC 9110 §5.5", OK + "X-A: a\0b\r\n" + LENGTH + "\r\nok", CONTROL)
                .fails("a folded header line", "RFC 9112 §5.2", OK + "X-A: a\r\n b\r\n" + LENGTH + "\r\nok", FOLDED)
                .fails(
                        "a header line folded by LF and a tab",
                        "RFC 9112 §5.2",
                        OK + "X-A: a\n\tb\n" + LENGTH + "\r\nok",
                        FOLDED)
                .fails("a folded Content-Length", "RFC 9112 §5.2", OK + "Content-Length:\r\n 2\r\n\r\nok", FOLDED)
                .fails(
                        "a blank before the first header line",
                        section,
                        OK + " X-A: a\r\n" + LENGTH + "\r\nok",
                        NO_NAME);
    }

    private static void names(HandshakeTable table) {
        table.serves(
                        "a blank before the colon",
                        "RFC 9112 §5.1",
                        OK + "X-A : a\r\n" + LENGTH + "\r\nok",
                        OK + "X-A: a\r\n" + LENGTH + "\r\nok")
                .serves(
                        "a blank before the colon of Content-Length",
                        "RFC 9112 §5.1",
                        OK + "Content-Length : 2\r\n\r\nok",
                        PASSED)
                .serves(
                        "names in any case",
                        "RFC 9110 §5.1",
                        OK + "x-lower: 1\r\nX-UPPER: 2\r\ncontent-length: 2\r\n\r\nok",
                        OK + "x-lower: 1\r\nX-UPPER: 2\r\ncontent-length: 2\r\n\r\nok")
                .fails("a header line without a colon", "RFC 9112 §5", OK + "nonsense\r\n" + LENGTH + "\r\nok", NO_NAME)
                .fails("a header without a name", "RFC 9112 §5", OK + ": a\r\n" + LENGTH + "\r\nok", NO_NAME)
                .fails("a blank in a name", "RFC 9110 §5.1", OK + "X A: a\r\n" + LENGTH + "\r\nok", NO_NAME)
                .fails("NUL in a name", "RFC 9110 §5.1", OK + "X\0A: a\r\n" + LENGTH + "\r\nok", NO_NAME);
    }

    private static void lengths(HandshakeTable table) {
        String section = "RFC 9112 §6.3";
        String last = OK + CHUNKED + "Connection: close\r\n\r\nok";
        table.serves("two equal Content-Length", section, OK + LENGTH + LENGTH + "\r\nok", PASSED)
                .serves("Content-Length: 2, 2", section, OK + "Content-Length: 2, 2\r\n\r\nok", PASSED)
                .servesLast(
                        "Content-Length beside chunked",
                        section,
                        OK + "Content-Length: 3\r\n" + CHUNKED + "\r\n2\r\nok\r\n0\r\n\r\n",
                        last)
                .servesLast(
                        "two equal Content-Length beside chunked",
                        section,
                        OK + LENGTH + LENGTH + CHUNKED + "\r\n2\r\nok\r\n0\r\n\r\n",
                        last)
                .fails("two different Content-Length", section, OK + LENGTH + "Content-Length: 1\r\n\r\nok", SEVERAL)
                .fails(
                        "two different Content-Length in HTTP/1.0",
                        section,
                        "HTTP/1.0 200 OK\r\n" + LENGTH + "Content-Length: 1\r\n\r\nok",
                        SEVERAL)
                .fails("Content-Length 2 and 02", section, OK + LENGTH + "Content-Length: 02\r\n\r\nok", SEVERAL)
                .fails(
                        "two different Content-Length beside chunked",
                        section,
                        OK + LENGTH + "Content-Length: 1\r\n" + CHUNKED + "\r\n2\r\nok\r\n0\r\n\r\n",
                        SEVERAL)
                .fails("an empty Content-Length", "RFC 9110 §8.6", OK + "Content-Length:\r\n\r\nok", NO_NUMBER)
                .fails("Content-Length: +2", "RFC 9110 §8.6", OK + "Content-Length: +2\r\n\r\nok", NO_NUMBER)
                .serves("more than Content-Length", section, OK + LENGTH + "\r\nokHTTP/1.1 200 OK\r\n\r\n", PASSED)
                .isCut(
                        "less than Content-Length",
                        section,
                        OK + "Content-Length: 5\r\n\r\nok",
                        OK + "Content-Length: 5\r\n\r\nok")
                .backendEnds();
    }

    private static void codings(HandshakeTable table) {
        String section = "RFC 9112 §6.1";
        String chunks = "2\r\nok\r\n0\r\n\r\n";
        table.serves(
                "Transfer-Encoding: CHUNKED",
                "RFC 9112 §7",
                OK + "Transfer-Encoding: CHUNKED\r\n\r\n" + chunks,
                CHUNKS_PASSED);
        for (String coding : List.of("gzip, chunked", "chunked, gzip", "chunked, chunked", "gzip", "identity")) {
            String header = "Transfer-Encoding: " + coding;
            table.fails(header, section, OK + header + "\r\n\r\n" + chunks, CODING);
        }
        table.fails(
                        "Transfer-Encoding: gzip and chunked in two lines",
                        section,
                        OK + "Transfer-Encoding: gzip\r\n" + CHUNKED + "\r\n" + chunks,
                        CODING)
                .fails(
                        "Transfer-Encoding: chunked in two lines",
                        section,
                        OK + CHUNKED + CHUNKED + "\r\n" + chunks,
                        CODING)
                .fails(
                        "Transfer-Encoding: identity beside Content-Length",
                        section,
                        OK + "Transfer-Encoding: identity\r\n" + LENGTH + "\r\nok",
                        CODING)
                .fails(
                        "Transfer-Encoding: chunked in HTTP/1.0",
                        section,
                        "HTTP/1.0 200 OK\r\n" + CHUNKED + "\r\n" + chunks,
                        CODING);
    }

    private static void chunks(HandshakeTable table) {
        String section = "RFC 9112 §7.1";
        table.serves("blanks behind a chunk size", section, CHUNKS + "2   \r\nok\r\n0\t\r\n\r\n", CHUNKS_PASSED)
                .serves("blanks before a chunk size", section, CHUNKS + "  2\r\nok\r\n 0\r\n\r\n", CHUNKS_PASSED)
                .serves("LF ends every line of the chunks", section, CHUNKS + "1\no\n1\nk\n0\n\n", CHUNKS_PASSED)
                .serves("LF ends the lines of chunk sizes", section, CHUNKS + "1\no\r\n1\nk\r\n0\n\r\n", CHUNKS_PASSED)
                .serves("LF behind a chunk", section, CHUNKS + "1\r\no\n1\r\nk\n0\r\n\r\n", CHUNKS_PASSED)
                .serves("LF ends a trailer", section, CHUNKS + "2\r\nok\r\n0\r\nX-Sum: 1\n\n", CHUNKS_PASSED)
                .serves("zeros before a chunk size", section, CHUNKS + "00000002\r\nok\r\n000\r\n\r\n", CHUNKS_PASSED)
                .serves(
                        "chunk extensions",
                        "RFC 9112 §7.1.1",
                        CHUNKS + "1;a=b\r\no\r\n1 ; c=\"d\"\r\nk\r\n0;e\r\n\r\n",
                        CHUNKS_PASSED);
    }

    private static void brokenChunks(HandshakeTable table) {
        String section = "RFC 9112 §7.1";
        String end = "ok\r\n0\r\n\r\n";
        table.failsOrIsCut("a chunk size that is no number", section, CHUNKS + "zz\r\n" + end, SIZE)
                .failsOrIsCut("a chunk size of 0x2", section, CHUNKS + "0x2\r\n" + end, SIZE)
                .failsOrIsCut("a chunk size of -2", section, CHUNKS + "-2\r\n" + end, SIZE)
                .failsOrIsCut("a chunk size of 2 2", section, CHUNKS + "2 2\r\n" + end, SIZE)
                .failsOrIsCut("an empty chunk size", section, CHUNKS + "\r\n" + end, SIZE)
                .failsOrIsCut("a chunk size of 17 digits", section, CHUNKS + "10000000000000002\r\n" + end, SIZE)
                .failsOrIsCut("CR alone behind a chunk size", section, CHUNKS + "2\r" + end, SIZE)
                .failsOrIsCut("CR alone in a chunk extension", "RFC 9112 §7.1.1", CHUNKS + "2;a\rb\r\n" + end, SIZE)
                .failsOrIsCut("NUL in a chunk extension", "RFC 9112 §7.1.1", CHUNKS + "2;a\0\r\n" + end, SIZE)
                .isCut("a later chunk size that is no number", section, CHUNKS + "2\r\nok\r\nzz\r\n\r\n", CHUNKS_PASSED)
                .isCut("a chunk longer than its size", section, CHUNKS + "2\r\nokay\r\n0\r\n\r\n", CHUNKS_PASSED)
                .isCut("CR alone behind a chunk", section, CHUNKS + "2\r\nok\r0\r\n\r\n", CHUNKS_PASSED)
                .isCut(
                        "a folded trailer",
                        "RFC 9112 §7.1.2",
                        CHUNKS + "2\r\nok\r\n0\r\nX-Sum: 1\r\n 2\r\n\r\n",
                        CHUNKS_PASSED)
                .isCut(
                        "CR alone in a trailer",
                        "RFC 9112 §7.1.2",
                        CHUNKS + "2\r\nok\r\n0\r\nX-Sum: 1\r2\r\n\r\n",
                        CHUNKS_PASSED)
                .isCut("no last chunk", section, CHUNKS + "2\r\nok\r\n", CHUNKS_PASSED)
                .backendEnds()
                .isCut("no empty line behind the last chunk", section, CHUNKS + "2\r\nok\r\n0\r\n", CHUNKS_PASSED)
                .backendEnds();
    }
}
