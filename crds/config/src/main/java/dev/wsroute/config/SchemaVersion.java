// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of {@link ProxyConfig}'s shape. A runtime reads documents of its own major version; of a newer minor
 * one it ignores and counts the fields that it does not know.
 *
 * @param major moves when an older runtime would misread the document
 * @param minor moves when fields are added
 */
public record SchemaVersion(int major, int minor) {

    /** What this build writes, and reads in full. */
    public static final SchemaVersion CURRENT = new SchemaVersion(1, 4);

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    /**
     * @throws IllegalArgumentException when {@code text} is not {@code MAJOR.MINOR}
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
