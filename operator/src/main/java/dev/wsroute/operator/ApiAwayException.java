package dev.wsroute.operator;

/** The API does not answer, or is in trouble; it may answer later. The message is a sentence without a full stop. */
final class ApiAwayException extends Exception {

    private static final long serialVersionUID = 1;

    ApiAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
