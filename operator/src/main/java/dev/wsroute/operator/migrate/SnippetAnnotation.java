// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of snippets that WebSocket users have: header lines. */
final class SnippetAnnotation {

    private static final Pattern DIRECTIVE = Pattern.compile(
            "(proxy_set_header|add_header)\\s+([\\w-]+)\\s+(\"[^\"$]*\"|'[^'$]*'|[^\\s;$\"']+)(?:\\s+always)?");
    private static final Pattern MORE_SET = Pattern.compile("more_set_headers\\s+[\"']([\\w-]+):\\s*([^\"'$]+)[\"']");
    /** What the proxy sets for itself. */
    private static final Pattern OWN =
            Pattern.compile("(?:proxy_set_header|proxy_http_version|proxy_cache_bypass)\\s+(\\S+).*");

    private static final Set<String> OWN_HEADERS = Set.of(
            "upgrade",
            "connection",
            "host",
            "x-real-ip",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "1.1",
            "$http_upgrade");

    /** What may decide who can connect. */
    private static final Pattern PROTECTION = Pattern.compile(
            "^(?:allow|deny|if|return|satisfy|auth_|limit_|secure_link|valid_referers|access_by_lua|modsecurity)");

    private SnippetAnnotation() {}

    static void apply(String name, Annotations annotations, Settings settings) {
        for (String line : annotations.text(name).split("[;\\n]", -1)) {
            String directive = line.trim();
            if (directive.matches("[a-z_].*")) {
                convert(directive, name, settings);
            }
        }
    }

    private static void convert(String directive, String name, Settings settings) {
        Matcher own = OWN.matcher(directive);
        if (own.matches() && OWN_HEADERS.contains(own.group(1).toLowerCase(Locale.ROOT))) {
            settings.notes().add(name + ": not needed, the proxy does this for each hop (" + directive + ").");
            return;
        }
        Matcher set = DIRECTIVE.matcher(directive);
        Matcher more = MORE_SET.matcher(directive);
        if (set.matches()) {
            boolean request = set.group(1).equals("proxy_set_header");
            header(
                    settings,
                    request ? "requestHeaderModifier" : "responseHeaderModifier",
                    set.group(2),
                    unquoted(set.group(3)));
        } else if (more.matches()) {
            header(
                    settings,
                    "responseHeaderModifier",
                    more.group(1),
                    more.group(2).trim());
        } else {
            String lost = name + ": has no counterpart, there are no snippets (" + directive + ").";
            (PROTECTION.matcher(directive).find() ? settings.lostProtections() : settings.notes()).add(lost);
        }
    }

    private static void header(Settings settings, String modifier, String header, String value) {
        settings.rule()
                .withObject("/" + modifier)
                .withArray("/set")
                .addObject()
                .put("name", header)
                .put("value", value);
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") || value.startsWith("'") ? value.substring(1, value.length() - 1) : value;
    }
}
