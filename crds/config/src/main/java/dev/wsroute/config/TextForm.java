// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Formats of texts. */
public enum TextForm {
    /** Any text. */
    ANY(null),

    /** A host name, or a wildcard for its subdomains. */
    HOSTNAME(
            "^(\\*\\.)?" + HttpNames.DNS_LABEL + "(\\." + HttpNames.DNS_LABEL + ")*$",
            Clause.matching(
                    "^(\\*\\.)?" + HttpNames.DNS_LABEL + "(\\." + HttpNames.DNS_LABEL + ")*$",
                    "must be a lower-case host name such as chat.example.com or *.example.com, without scheme and port")),

    /** The name of an object of Kubernetes: a DNS subdomain (RFC 1123). */
    OBJECT_NAME(
            ObjectRef.NAME,
            Clause.matching(
                    ObjectRef.NAME,
                    "must be the name of a Kubernetes object: lower-case letters, digits, inner hyphens and inner dots")),

    /** A key in the data of a Secret or ConfigMap. A rule with a sentence would exceed the cost budget of Kubernetes, so only the pattern is checked. */
    DATA_KEY(
            "^[-._a-zA-Z0-9]+$",
            new Clause(
                    "must be letters, digits, hyphens, underscores and dots",
                    null,
                    Pattern.compile("^[-._a-zA-Z0-9]+$").asMatchPredicate())),

    /**
     * A host name without wildcards that is not an IP address. A rule with a sentence would exceed the cost budget of Kubernetes,
     * so only the pattern is checked.
     */
    PRECISE_HOSTNAME(
            HttpNames.PRECISE_HOSTNAME,
            new Clause(
                    "must be a lower-case host name such as chat.example.com, without wildcard and port; an IP address is not"
                            + " one",
                    null,
                    Pattern.compile(HttpNames.PRECISE_HOSTNAME).asMatchPredicate())),

    /** {@link HttpNames#AUTHORITY}, whose host has at most 253 characters. */
    AUTHORITY(
            HttpNames.AUTHORITY,
            new Clause(
                    "must be a lower-case host name or an IP address, with or without a port, such as chat.example.com,"
                            + " chat.example.com:8443 or [2001:db8::1]:8443",
                    "self.matches(r'" + HttpNames.AUTHORITY + "') && (self.startsWith('[')"
                            + " ? isIP(self.substring(1, self.indexOf(']')))"
                            + " : self.indexOf(':') <= 253 && (self.contains(':') || self.size() <= 253))",
                    HttpNames::isAuthority)),

    /** {@link HttpNames#PATH}. */
    PATH(HttpNames.PATH, Clause.matching(HttpNames.PATH, "must begin with / and must not contain white space, ? or #")),

    /** The name of a header, or a subprotocol. A rule with a sentence would exceed the cost budget of Kubernetes, so only the pattern is checked. */
    TOKEN(HttpNames.TOKEN, Clause.ofToken()),

    /** The name of a header that a rule may change. */
    CHANGEABLE_HEADER(
            HttpNames.TOKEN,
            Clause.ofToken(),
            new Clause(
                    "must not be a header that the proxy itself writes: Connection, Upgrade, Host (see"
                            + " urlRewrite.hostname), Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding,"
                            + " Content-Length, Expect and Sec-WebSocket-*",
                    "!self.matches(r'" + HttpNames.PROXY_OWNED + "')",
                    name -> !HttpNames.isProxyOwned(name))),

    /** The name of a trailer that may be forwarded. */
    TRAILER(
            HttpNames.TOKEN,
            Clause.ofToken(),
            new Clause(
                    "must not be a header that frames, routes, authenticates or describes a message or names a client:"
                            + " receivers read these before the body",
                    "!self.matches(r'" + HttpNames.NO_TRAILER + "')",
                    name -> !HttpNames.isNoTrailer(name))),

    /** {@link HttpNames#VALUE}. A rule with a sentence would exceed the cost budget of Kubernetes, so only the pattern is checked. */
    HEADER_VALUE(
            HttpNames.VALUE,
            new Clause(
                    "must be printable ASCII without a blank at either end",
                    null,
                    Pattern.compile(HttpNames.VALUE).asMatchPredicate(),
                    false)),

    /** What goes between quotes in a challenge without being escaped (RFC 9110, section 5.6.4). */
    REALM(HttpNames.REALM, Clause.matching(HttpNames.REALM, "must be printable ASCII without quotes and backslashes")),

    /** The name of a cookie (RFC 6265, section 4.1.1). */
    COOKIE_NAME(
            HttpNames.TOKEN,
            new Clause(
                    "must be a cookie's name, which is letters, digits and some of !#$%&'*+-.^_`|~",
                    "self.matches(r\"" + HttpNames.TOKEN + "\")",
                    Pattern.compile(HttpNames.TOKEN).asMatchPredicate())),

    /**
     * The origin of a web page (RFC 6454), as browsers send it, or {@code same-origin} or {@code null}. A rule with a sentence would
     * exceed the cost budget of Kubernetes, so only the pattern is checked.
     */
    ORIGIN(
            HttpNames.ORIGIN,
            new Clause(
                    "must be an origin such as https://app.example.com, https://*.example.com or https://app.example.com:8443,"
                            + " in lower case and without path, or same-origin or null",
                    null,
                    HttpNames::isOrigin)),

    /** An IP address or a CIDR range. */
    ADDRESS_OR_RANGE(
            null,
            new Clause(
                    "must be an IP address or a range such as 10.0.0.0/8",
                    "isIP(self) || isCIDR(self)",
                    IpAddresses::isAddressOrRange));

    private final @Nullable String pattern;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of; the checks are stateless.
    private final List<Clause> clauses;

    TextForm(@Nullable String pattern, Clause... clauses) {
        this.pattern = pattern;
        this.clauses = List.of(clauses);
    }

    /** The regular expression for a schema, in RE2 syntax; null if there is none. */
    public @Nullable String pattern() {
        return pattern;
    }

    /** The clauses of the format; the first violated one is reported. */
    public List<Clause> clauses() {
        return clauses;
    }

    /**
     * A condition on a text.
     *
     * @param sentence completes a sentence that starts with the path of the field
     * @param cel the same in CEL, where {@code self} is the text; null if Kubernetes would refuse the cost
     * @param holds the same in Java
     * @param quoted whether the sentence may quote the text; a header's value may be a secret
     */
    public record Clause(String sentence, @Nullable String cel, Predicate<String> holds, boolean quoted) {

        Clause(String sentence, @Nullable String cel, Predicate<String> holds) {
            this(sentence, cel, holds, true);
        }

        private static Clause matching(String pattern, String sentence) {
            return new Clause(
                    sentence,
                    "self.matches(r'" + pattern + "')",
                    Pattern.compile(pattern).asMatchPredicate());
        }

        private static Clause ofToken() {
            return new Clause(
                    "must be letters, digits and some of !#$%&'*+-.^_`|~",
                    null, Pattern.compile(HttpNames.TOKEN).asMatchPredicate());
        }
    }
}
