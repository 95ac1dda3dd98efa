package dev.wsroute.proxy.session;

/** Where the key of session cookies comes from. */
public interface KeySource extends AutoCloseable {

    /** Begins; the sink is called from any thread from now on, until {@link #close()}. */
    void start(Sink sink);

    @Override
    void close();

    /** Takes what a source finds. */
    interface Sink {

        /** The key's bytes as they are now; may be the same as before, and need not be enough. */
        void offer(byte[] key);

        /**
         * There is no key, or it cannot be read.
         *
         * @param reason one sentence without a full stop
         */
        void unavailable(String reason);
    }
}
