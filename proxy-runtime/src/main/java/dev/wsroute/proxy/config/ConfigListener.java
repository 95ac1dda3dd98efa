// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import org.jspecify.annotations.Nullable;

/** Receives the outcome of each document. Called on the control thread. */
public interface ConfigListener {

    /** The document was applied, or was offered again after another one was refused. */
    void applied(Parsed parsed, ConfigText text);

    /**
     * The document was refused as a whole. The previous one stays in effect.
     *
     * @param version version of the document, if it could be read
     * @param reason one sentence
     */
    void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause);

    /** Why a document was refused. */
    enum RefusalCause {
        /** The document is invalid. */
        INVALID,
        /** A listener cannot be bound. */
        LISTENER
    }
}
