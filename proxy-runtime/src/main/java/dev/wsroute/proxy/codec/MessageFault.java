package dev.wsroute.proxy.codec;

/** Why a message is read no further. It carries no stack trace: strangers can cause as many as they like. */
public final class MessageFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What kind of fault it is. */
    public enum Kind {
        /** The grammar does not allow it, or two programs could read it differently. */
        MALFORMED,
        /** The first line is longer than a head may be. */
        START_LINE_TOO_LONG,
        /** The head, or the trailers, are longer than they may be. */
        TOO_LONG,
        /** There are more header or trailer lines than may be. */
        TOO_MANY_LINES,
        /** All connections together hold as many unfinished bytes as they may. */
        NO_MEMORY
    }

    private final Kind kind;

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
