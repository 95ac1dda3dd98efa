// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

/**
 * A token that is not accepted. The message is for the access log; it quotes nothing of the token. Without a stack trace: clients
 * cause it at will.
 */
final class TokenException extends Exception {

    private static final long serialVersionUID = 1;

    private final Cause kind;

    /** What its client is told. */
    enum Cause {
        /** Nothing but that it is invalid. */
        INVALID,
        /** Its time is over: the client needs a new one. */
        EXPIRED,
        /** Nothing can be said of it, since no key is in force. */
        NO_KEYS
    }

    TokenException(String sentence) {
        this(Cause.INVALID, sentence);
    }

    TokenException(Cause kind, String sentence) {
        super(sentence, null, false, false);
        this.kind = kind;
    }

    Cause kind() {
        return kind;
    }

    /** The message. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
