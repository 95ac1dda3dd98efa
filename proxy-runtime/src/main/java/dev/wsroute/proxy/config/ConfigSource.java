package dev.wsroute.proxy.config;

/** Where documents come from. */
public interface ConfigSource extends AutoCloseable {

    /** Begins; the sink is called from any thread from now on, until {@link #close()}. */
    void start(Sink sink);

    @Override
    void close();

    /** Takes what a source finds. */
    interface Sink {

        /** The document as it is now; may be the same as before. */
        void offer(ConfigText text);

        /**
         * There is no document, or it cannot be read: loss of news, nothing changes.
         *
         * @param reason one sentence
         */
        void unavailable(String reason);
    }
}
