// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import java.util.Locale;

/** Where a contained error was thrown. A metric label of bounded cardinality. */
public enum FailurePoint {
    /** Reading or writing a socket. */
    IO,
    /** Accepting a connection or setting it up. */
    ACCEPT,
    /** A handler of a channel's pipeline. */
    HANDLER,
    /** A task or timer of an event loop. */
    TASK,
    /** A listener of an operation's future, such as that of a connect. */
    LISTENER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
