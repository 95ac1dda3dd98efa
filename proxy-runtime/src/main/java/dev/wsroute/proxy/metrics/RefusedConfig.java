// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why a configuration was refused. A metric label. */
public enum RefusedConfig {
    /** The document is invalid. */
    INVALID,
    /** A listener cannot be bound. */
    LISTENER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
