// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema version of {@link ProxyConfig}. A proxy refuses documents of a major version that it does not know; if the minor version
 * is newer, it ignores and counts unknown fields.
 *
 * @param major incremented if an older proxy would misread the document
 * @param minor incremented if fields are added
 */
public record SchemaVersion(int major, int minor) {

    /** The version that this build writes unless the document needs another major version, and fully supports. */
    public static final SchemaVersion CURRENT = new SchemaVersion(1, 7);

    /** The version of documents with TLS to backends: older proxies would ignore the field and connect without TLS. */
    public static final SchemaVersion WITH_BACKEND_TLS = new SchemaVersion(2, CURRENT.minor);

    /** The version of documents with access rules: older proxies would ignore them and let everybody connect. */
    public static final SchemaVersion WITH_ACCESS = new SchemaVersion(3, CURRENT.minor);

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

    /** The version that a document with these routes needs. */
    static SchemaVersion of(List<RouteConfig> routes) {
        List<RuleConfig> rules =
                routes.stream().flatMap(route -> route.rules().stream()).toList();
        if (rules.stream().anyMatch(rule -> rule.access() != null)) {
            return WITH_ACCESS;
        }
        boolean backendTls =
                rules.stream().flatMap(rule -> rule.backends().stream()).anyMatch(backend -> backend.tls() != null);
        return backendTls ? WITH_BACKEND_TLS : CURRENT;
    }

    /** Whether this build reads documents of this major version. */
    boolean isReadable() {
        return major >= CURRENT.major && major <= WITH_ACCESS.major;
    }

    /** Whether a readable document may have fields that this build does not know. All major versions share their fields. */
    boolean isNewer() {
        return minor > CURRENT.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
