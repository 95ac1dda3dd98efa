// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/**
 * The access log of a proxy.
 *
 * @param enabled whether lines are written
 * @param format of a line
 */
public record AccessLogConfig(Boolean enabled, Format format) {

    /** Enabled, in JSON. */
    public static final AccessLogConfig DEFAULT = new AccessLogConfig(true, Format.JSON);

    public AccessLogConfig {
        enabled = Defaults.or(enabled, true);
        format = Defaults.or(format, Format.JSON);
    }

    /** Format of a line. */
    public enum Format {
        /** One JSON object per line. */
        JSON,
        /** Human-readable text. */
        Text
    }
}
