package dev.wsroute.operator;

import org.jspecify.annotations.Nullable;

/** The program cannot start; the message is the one sentence that the user sees. */
final class StartupException extends Exception {

    private static final long serialVersionUID = 1;

    StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
