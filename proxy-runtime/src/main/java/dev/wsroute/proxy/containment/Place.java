package dev.wsroute.proxy.containment;

import java.util.Locale;

/** Where a contained error was thrown: a metric label of bounded cardinality. */
public enum Place {
    /** Reading or writing a socket. */
    IO,
    /** Accepting a connection or setting it up. */
    ACCEPT,
    /** A handler of a channel's pipeline. */
    HANDLER,
    /** A task or timer of an event loop. */
    TASK,
    /** A listener for the end of an operation, such as connecting. */
    LISTENER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it is spelled in metrics. */
    public String label() {
        return label;
    }
}
