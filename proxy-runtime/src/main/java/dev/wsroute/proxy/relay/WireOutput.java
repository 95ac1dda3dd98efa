package dev.wsroute.proxy.relay;

/** How far a wire's output has come. */
enum WireOutput {
    OPEN,
    /** Ends once all is sent; the other end may send on. */
    ENDING,
    /** Ends once all is sent; the other end has said that it sends no more. */
    CLOSING,
    ENDED;

    boolean ends() {
        return this == ENDING || this == CLOSING;
    }
}
