package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why a configuration was refused: a label. */
public enum RefusedConfig {
    /** The document itself is wrong. */
    INVALID,
    /** A socket cannot be bound. */
    LISTENER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it is spelled in metrics. */
    public String label() {
        return label;
    }
}
