// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

/** Why a message cannot be decoded. Has no stack trace, since clients can cause any number of them. */
public final class MessageFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The kind of a fault. */
    public enum Kind {
        /** Malformed or ambiguous. */
        MALFORMED,
        /** It is a TLS record. */
        TLS,
        /** The first line exceeds the limit of a head. */
        START_LINE_TOO_LONG,
        /** The head or the trailers are too long. */
        TOO_LONG,
        /** There are too many header or trailer lines. */
        TOO_MANY_LINES,
        /** The memory budget for incomplete heads and trailers is exhausted. */
        NO_MEMORY
    }

    private final Kind kind;

    /** @param message the fault, to follow a colon: {@code a header line is folded} */
    public MessageFault(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static MessageFault malformed(String message) {
        return new MessageFault(Kind.MALFORMED, message);
    }

    public Kind kind() {
        return kind;
    }
}
