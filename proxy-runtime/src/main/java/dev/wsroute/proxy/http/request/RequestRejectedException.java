package dev.wsroute.proxy.http.request;

/** Ends the checking of a request. */
public final class RequestRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    public RequestRejectedException(Rejection rejection) {
        super(rejection.sentence(), null, false, false);
        this.rejection = rejection;
    }

    /** What the client is told. */
    public Rejection rejection() {
        return rejection;
    }
}
