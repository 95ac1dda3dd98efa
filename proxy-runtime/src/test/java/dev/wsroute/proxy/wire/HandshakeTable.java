package dev.wsroute.proxy.wire;

import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Handshake cases by what they differ in from the plainest one. */
final class HandshakeTable {

    private static final String PLAIN_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final List<HandshakeCase> cases = new ArrayList<>();

    List<HandshakeCase> cases() {
        return cases;
    }

    HandshakeTable add(HandshakeCase made) {
        cases.add(made);
        return this;
    }

    /** The client of the last case sends this in the same segment. */
    HandshakeTable behind(String bytes) {
        cases.add(cases.remove(cases.size() - 1).withBehind(bytes));
        return this;
    }

    /** The request opens a tunnel, and the backend gets it as said. */
    HandshakeTable opens(String name, String section, UnaryOperator<Head> sent, UnaryOperator<Head> forwarded) {
        return opens(name, section, sent, forwarded, Head.SWITCHING, Head.SWITCHED);
    }

    /** The same change at both. */
    HandshakeTable opens(String name, String section, UnaryOperator<Head> both) {
        return opens(name, section, both, both);
    }

    HandshakeTable opens(
            String name,
            String section,
            UnaryOperator<Head> sent,
            UnaryOperator<Head> forwarded,
            Head answer,
            Head passed) {
        return add(new HandshakeCase(
                name,
                section,
                sent.apply(Head.REQUEST).text(),
                "",
                upgrading(forwarded.apply(Head.FORWARDED)),
                answer.text(),
                passed.text(),
                Ending.TUNNEL));
    }

    /** The backend's 101 opens a tunnel, and the client gets it as said. */
    HandshakeTable switches(String name, String section, Head answer, Head passed) {
        return opens(name, section, same -> same, same -> same, answer, passed);
    }

    /** The request is no handshake, but a plain one, which passes without any upgrade. */
    HandshakeTable isPlain(String name, String section, Head sent, Head forwarded) {
        return add(new HandshakeCase(
                name,
                section,
                sent.text(),
                "",
                forwarded.withForwarding().with("connection: close").text(),
                PLAIN_ANSWER,
                PLAIN_ANSWER,
                Ending.KEPT));
    }

    /** The proxy refuses the request with one sentence, and no backend hears of it. */
    HandshakeTable refuses(String name, String section, Head sent, String status, String sentence) {
        return refuses(name, section, sent.text(), status, sentence);
    }

    HandshakeTable refuses(String name, String section, String sent, String status, String sentence) {
        String said = refusal(status, sentence).with("connection: close").text() + sentence + "\n";
        return add(new HandshakeCase(name, section, sent, "", null, "", said, Ending.CLOSED));
    }

    /** What the backend answers opens no tunnel: 502. */
    HandshakeTable breaks(String name, String section, String answer, String sentence) {
        String said =
                refusal("502 Bad Gateway", sentence).with("connection: close").text() + sentence + "\n";
        return add(new HandshakeCase(
                name, section, Head.REQUEST.text(), "", upgrading(Head.FORWARDED), answer, said, Ending.CLOSED));
    }

    HandshakeTable breaks(String name, String section, Head answer, String sentence) {
        return breaks(name, section, answer.text(), sentence);
    }

    /** The backend refuses in its own words, which pass. */
    HandshakeTable relays(String name, String section, String answer, String passed) {
        return add(new HandshakeCase(
                name, section, Head.REQUEST.text(), "", upgrading(Head.FORWARDED), answer, passed, Ending.CLOSED));
    }

    static String upgrading(Head forwarded) {
        return forwarded
                .withForwarding()
                .with("upgrade: websocket", "connection: upgrade")
                .text();
    }

    static Head refusal(String status, String sentence) {
        return Head.of("HTTP/1.1 " + status)
                .with("content-type: text/plain; charset=utf-8", "content-length: " + (sentence.length() + 1));
    }
}
