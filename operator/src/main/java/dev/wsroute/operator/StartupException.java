package dev.wsroute.operator;

/** The program cannot start; the message is the one sentence that the user sees. */
final class StartupException extends Exception {

    private static final long serialVersionUID = 1;

    StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
