// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Handshake cases, described by their differences from the simplest one. */
final class HandshakeTable {

    private static final String PLAIN_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final Head PAGE = Head.of("GET /page HTTP/1.1").with("Host: server.example.com");

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

    /** The backend of the last case ends its output after its response. */
    HandshakeTable backendEnds() {
        cases.add(cases.remove(cases.size() - 1).withBackendEnding());
        return this;
    }

    /** The backend's response to a plain request is forwarded as given. */
    HandshakeTable serves(String name, String section, String answer, String passed) {
        return answers(name, section, answer, passed, Ending.KEPT);
    }

    /** The same, and the client's connection ends after it. */
    HandshakeTable servesLast(String name, String section, String answer, String passed) {
        return answers(name, section, answer, passed, Ending.CLOSED);
    }

    /** The backend's response to a plain request is not forwarded: 502, with the fault. */
    HandshakeTable fails(String name, String section, String answer, String fault) {
        return answers(name, section, answer, malformedAnswer(fault), Ending.KEPT);
    }

    /** The same, unless the head was forwarded before the first chunk arrived. */
    HandshakeTable failsOrIsCut(String name, String section, String answer, String fault) {
        return answers(name, section, answer, malformedAnswer(fault), Ending.KEPT_OR_CUT);
    }

    private static String malformedAnswer(String fault) {
        String sentence = malformed(fault);
        return refusal("502 Bad Gateway", sentence).text() + sentence + "\n";
    }

    static String malformed(String fault) {
        return "The backend's response is malformed: " + fault + ".";
    }

    /** The backend's response to a plain request is forwarded as far as given, and then the client's connection ends. */
    HandshakeTable isCut(String name, String section, String answer, String passed) {
        return answers(name, section, answer, passed, Ending.CUT);
    }

    private HandshakeTable answers(String name, String section, String answer, String passed, Ending ending) {
        String forwarded = PAGE.withForwarding().with("Connection: close").text();
        return add(new HandshakeCase(name, section, PAGE.text(), "", forwarded, answer, passed, ending));
    }

    /** The request opens a tunnel, and the backend receives it as given. */
    HandshakeTable opens(String name, String section, UnaryOperator<Head> sent, UnaryOperator<Head> forwarded) {
        return opens(name, section, sent, forwarded, Head.SWITCHING, Head.SWITCHED);
    }

    /** The same change to both. */
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

    /** The backend's 101 opens a tunnel, and the client receives it as given. */
    HandshakeTable switches(String name, String section, Head answer, Head passed) {
        return switches(name, section, answer.text(), passed);
    }

    HandshakeTable switches(String name, String section, String answer, Head passed) {
        return add(new HandshakeCase(
                name,
                section,
                Head.REQUEST.text(),
                "",
                upgrading(Head.FORWARDED),
                answer,
                passed.text(),
                Ending.TUNNEL));
    }

    /** The request is not a handshake but a plain one, which is forwarded without an upgrade. */
    HandshakeTable isPlain(String name, String section, Head sent, Head forwarded) {
        return add(new HandshakeCase(
                name,
                section,
                sent.text(),
                "",
                forwarded.withForwarding().with("Connection: close").text(),
                PLAIN_ANSWER,
                PLAIN_ANSWER,
                Ending.KEPT));
    }

    /** The proxy refuses the request with one sentence, and connects to no backend. */
    HandshakeTable refuses(String name, String section, Head sent, String status, String sentence) {
        return refuses(name, section, sent.text(), status, sentence);
    }

    HandshakeTable refuses(String name, String section, String sent, String status, String sentence) {
        String said = refusal(status, sentence).with("Connection: close").text() + sentence + "\n";
        return add(new HandshakeCase(name, section, sent, "", null, "", said, Ending.CLOSED));
    }

    /** The backend's response does not open a tunnel: 502. */
    HandshakeTable breaks(String name, String section, String answer, String sentence) {
        String said =
                refusal("502 Bad Gateway", sentence).with("Connection: close").text() + sentence + "\n";
        return add(new HandshakeCase(
                name, section, Head.REQUEST.text(), "", upgrading(Head.FORWARDED), answer, said, Ending.CLOSED));
    }

    HandshakeTable breaks(String name, String section, Head answer, String sentence) {
        return breaks(name, section, answer.text(), sentence);
    }

    /** The backend refuses, and its response is forwarded. */
    HandshakeTable relays(String name, String section, String answer, String passed) {
        return add(new HandshakeCase(
                name, section, Head.REQUEST.text(), "", upgrading(Head.FORWARDED), answer, passed, Ending.CLOSED));
    }

    static String upgrading(Head forwarded) {
        return forwarded
                .withForwarding()
                .with("Upgrade: websocket", "Connection: Upgrade")
                .text();
    }

    static Head refusal(String status, String sentence) {
        return Head.of("HTTP/1.1 " + status)
                .with("Content-Type: text/plain; charset=utf-8", "Content-Length: " + (sentence.length() + 1));
    }
}
