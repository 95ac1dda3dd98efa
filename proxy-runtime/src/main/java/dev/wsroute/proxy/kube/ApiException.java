// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;

/** The API refused a request. */
public final class ApiException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int FORBIDDEN = 403;
    private static final int GONE = 410;

    private final int status;

    /**
     * @param status HTTP status, or code of the Status object in a watch
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

    /** Whether no role allows the request. */
    boolean isForbidden() {
        return status == FORBIDDEN;
    }

    /** Whether the resourceVersion is too old, so that a new list is necessary. */
    boolean isGone() {
        return status == GONE;
    }
}
