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
            Pattern.compile("(?:proxy_set_header|proxy_http_version|proxy_cache_bypass)\\s+(\\S+)\\s*(.*)");

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

    /**
     * What cannot decide who connects, or what a backend may trust. Anything else may: there are more ways than a list could have,
     * such as {@code location / { deny all; }}, {@code include}, {@code ssl_verify_client} or {@code rewrite_by_lua}.
     */
    private static final Pattern HARMLESS = Pattern.compile(
            "(?:add_header|more_set_headers|more_clear_headers|expires|etag"
                    + "|gzip\\w*|brotli\\w*|access_log|error_log|sendfile|tcp_no\\w+|keepalive_\\w+|send_timeout|server_tokens"
                    + "|client_(?:body|header|max_body)_\\w+|large_client_header_buffers"
                    + "|proxy_(?:(?:connect|read|send)_timeout|(?:request_)?buffer\\w*|busy_buffers_size|max_temp_file_size|http_version"
                    + "|next_upstream\\w*|cache\\w*|no_cache|socket_keepalive|redirect|cookie_\\w+|hide_header|pass_header))(?:\\s.*)?"
                    + "|proxy_set_header\\s+[\\w-]+\\s(?:[^$]|\\$(?:request_id|req_id|request_uri|uri|scheme|host)\\b)*+");

    private SnippetAnnotation() {}

    static void apply(String name, Annotations annotations, Settings settings) {
        for (String line : annotations.text(name).split("[;\\n]", -1)) {
            // A brace may end a block before the directive.
            String directive = line.replaceFirst("^[}\\s]+", "").trim();
            if (!directive.matches("(?:#.*)?")) {
                convert(directive, name, settings);
            }
        }
    }

    private static void convert(String directive, String name, Settings settings) {
        Matcher own = OWN.matcher(directive);
        if (own.matches() && OWN_HEADERS.contains(own.group(1).toLowerCase(Locale.ROOT))) {
            boolean usual = own.group(2).matches("|['\"]?(?:\\$.*|upgrade|keep-alive|)['\"]?");
            String what = usual
                    ? ": not needed, the proxy does this for each hop ("
                    : ": has no counterpart, the proxy sets this header itself (";
            settings.notes().add(name + what + directive + ").");
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
            (HARMLESS.matcher(directive).matches() ? settings.notes() : settings.lostProtections()).add(lost);
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
