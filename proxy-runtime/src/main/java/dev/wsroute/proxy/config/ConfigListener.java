package dev.wsroute.proxy.config;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import org.jspecify.annotations.Nullable;

/** Hears what became of a document. Called on the control thread. */
public interface ConfigListener {

    /** The document holds from now on, or still does after another one was refused. */
    void applied(Parsed parsed, ConfigText text);

    /**
     * The document was refused as a whole; the one before holds on.
     *
     * @param version what the document calls itself, if it could be read
     * @param reason one sentence
     */
    void refused(@Nullable ConfigVersion version, String reason, Cause cause);

    /** What stood in the way. */
    enum Cause {
        /** The document itself. */
        INVALID,
        /** A socket that cannot be bound. */
        LISTENER
    }
}
