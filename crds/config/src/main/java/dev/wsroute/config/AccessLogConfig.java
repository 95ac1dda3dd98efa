package dev.wsroute.config;

/**
 * What the proxy writes of each connection.
 *
 * @param enabled whether it writes anything
 * @param format how a line is spelled
 */
public record AccessLogConfig(Boolean enabled, Format format) {

    /** A line of JSON. */
    public static final AccessLogConfig DEFAULT = new AccessLogConfig(true, Format.JSON);

    public AccessLogConfig {
        enabled = Defaults.or(enabled, true);
        format = Defaults.or(format, Format.JSON);
    }

    /** How a line is spelled. */
    public enum Format {
        /** An object. */
        JSON,
        /** Words for people. */
        Text
    }
}
