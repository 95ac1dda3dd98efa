package dev.wsroute.proxy.kube;

import java.io.IOException;

/** The API answered, and refused. */
public final class ApiException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int GONE = 410;

    private final int status;

    /**
     * @param status of HTTP, or of the Status object in a watch
     * @param message one sentence
     */
    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Whether what was asked from is too old: only a new list helps. */
    boolean isGone() {
        return status == GONE;
    }
}
