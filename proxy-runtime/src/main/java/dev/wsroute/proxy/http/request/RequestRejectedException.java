// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

/** Thrown when a request is refused. */
public final class RequestRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    public RequestRejectedException(Rejection rejection) {
        super(rejection.sentence(), null, false, false);
        this.rejection = rejection;
    }

    /** The response to the client. */
    public Rejection rejection() {
        return rejection;
    }
}
