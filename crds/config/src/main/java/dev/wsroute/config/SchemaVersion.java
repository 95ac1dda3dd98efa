// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema version of {@link ProxyConfig}. A proxy reads documents of its own major version; if the minor version is newer, it
 * ignores and counts unknown fields.
 *
 * @param major incremented if an older proxy would misread the document
 * @param minor incremented if fields are added
 */
public record SchemaVersion(int major, int minor) {

    /** The version that this build writes and fully supports. */
    public static final SchemaVersion CURRENT = new SchemaVersion(1, 6);

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    /**
     * @throws IllegalArgumentException if {@code text} is not {@code MAJOR.MINOR}
     */
    public static SchemaVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not of the form MAJOR.MINOR");
        }
        return new SchemaVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
