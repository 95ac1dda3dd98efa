package dev.wsroute.api.v1alpha1;

import dev.wsroute.config.Durations;
import dev.wsroute.config.HttpNames;

/** Patterns and CEL rules that several fields share. A rule repeats its field's pattern to refuse it with a sentence. */
final class FieldRules {

    static final String HOSTNAME = "^(\\*\\.)?" + HttpNames.DNS_LABEL + "(\\." + HttpNames.DNS_LABEL + ")*$";

    static final String HOSTNAMES_RULE = "self.all(h, h.matches(r'" + HOSTNAME + "'))";
    static final String HOSTNAMES_MESSAGE = "a hostname is a lower-case DNS name such as chat.example.com, or a"
            + " wildcard for its subdomains such as *.example.com, without scheme and port";

    static final String AUTHORITY_RULE = "self.matches(r'" + HttpNames.AUTHORITY
            + "') && (!self.startsWith('[') || isIP(self.substring(1, self.indexOf(']'))))";
    static final String AUTHORITY_MESSAGE = "a hostname is a lower-case DNS name or an IP address, an IPv6 address in"
            + " brackets, with or without a port from 1 to 65535, such as chat.example.com, chat.example.com:8443 or"
            + " [2001:db8::1]:8443, without scheme and wildcard";

    static final String PATH_RULE = "self.matches(r'" + HttpNames.PATH + "')";
    static final String PATH_MESSAGE = "a path starts with / and holds no white space, query or fragment";

    private static final String IS_REGEX = "has(self.type) && self.type == 'RegularExpression'";

    static final String PATH_MATCH_RULE =
            IS_REGEX + " || !has(self.value) || self.value.matches(r'" + HttpNames.PATH + "')";
    static final String PATH_MATCH_MESSAGE = PATH_MESSAGE + ", unless its type is RegularExpression";

    private static final String NO_REGEX = "!(" + IS_REGEX + ") || !has(self.value) || ";

    /** Quoted text means something else than it would outside, so no bound on the text can be checked. */
    static final String REGEX_QUOTE_RULE = NO_REGEX + "!self.value.contains('\\\\Q')";

    static final String REGEX_QUOTE_MESSAGE = "an expression escapes literal characters with \\ instead of \\Q and \\E";

    static final String REGEX_GROUP_RULE = NO_REGEX + "!self.value.matches(r'\\){\\d*,?\\d{3}')";
    static final String REGEX_GROUP_MESSAGE = "a group is repeated at most 99 times";

    /**
     * Evaluation fails if the expression does not compile, and the API reports the compiler's message. An expression
     * with a counted group or a count above 9 is not compiled here, in the shared API server, but by the operator,
     * which computes its size first. The guard is short because Kubernetes estimates the cost of a rule from its
     * length.
     */
    static final String REGEX_RULE =
            NO_REGEX + "self.value.matches(r'\\){|\\d\\d') || (''.matches(self.value) ? true : true)";

    static final String REGEX_MESSAGE = "the value must be a regular expression in RE2 syntax";

    static final String PREFIX_REWRITE_RULE =
            "!has(self.urlRewrite) || !has(self.urlRewrite.path) || !has(self.matches)"
                    + " || self.matches.all(m, !has(m.path) || !has(m.path.type) || m.path.type == 'PathPrefix')";
    static final String PREFIX_REWRITE_MESSAGE =
            "urlRewrite.path needs every match of the rule to be of type PathPrefix";

    static final String PROXY_OWNED_RULE = "!self.matches(r'" + HttpNames.PROXY_OWNED + "')";
    static final String REMOVED_HEADERS_RULE = "!self.exists(h, h.matches(r'" + HttpNames.PROXY_OWNED + "'))";
    static final String PROXY_OWNED_MESSAGE = "the proxy itself writes Connection, Upgrade, Host (see"
            + " urlRewrite.hostname), Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding, Content-Length,"
            + " Expect and Sec-WebSocket-*, so they cannot be changed";

    static final String TRAILERS_RULE = "!self.exists(h, h.matches(r'" + HttpNames.NO_TRAILER + "'))";
    static final String TRAILERS_MESSAGE =
            "headers that frame, route, authenticate or describe a message, and those that"
                    + " name a client, are read before its body, so they cannot be trailers";

    static final String HASH_NAME_RULE = "self.name.matches(r\"" + HttpNames.TOKEN + "\")";

    static final String COOKIE_NAME_RULE = "self.matches(r\"" + HttpNames.TOKEN + "\")";
    static final String COOKIE_NAME_MESSAGE =
            "the name of a cookie holds letters, digits and some punctuation only, and no blank";

    static final String SAME_SITE_RULE =
            "!has(self.sameSite) || self.sameSite != 'None'" + " || (has(self.secure) && self.secure == 'Always')";
    static final String SAME_SITE_MESSAGE =
            "sameSite None needs secure: Always, since browsers drop such a cookie otherwise";

    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    static final String NAME_RULE = "self.matches('" + NAME + "')";
    static final String NAME_MESSAGE = "a name holds lower-case letters, digits and inner hyphens only";

    /** As Kubernetes asks of the ports of containers and Services. */
    static final String PORT_NAME = "^[a-z](-?[a-z0-9])*$";

    static final String PORT_NAME_RULE = "self.matches('" + PORT_NAME + "')";
    static final String PORT_NAME_MESSAGE = "a listener's name starts with a letter, and holds lower-case letters,"
            + " digits and single inner hyphens only";

    /**
     * On the list itself, and not on the object around it: Kubernetes lets a stored object with a value that a new rule
     * refuses change anywhere else, so that it can still be scaled.
     */
    static final String LISTENER_PORTS_RULE = "self.all(l, self.exists_one(m, m.port == l.port))";

    static final String LISTENER_PORTS_MESSAGE = "each listener needs a port of its own";

    /** {@link dev.wsroute.config.ProxyPorts}. */
    static final String LISTENER_PORT_RULE = "self.all(l, !(l.port in [9901, 9902]))";

    static final String LISTENER_PORT_MESSAGE = "ports 9901 and 9902 are the proxy's own, for metrics and probes";

    /** By length alone: Kubernetes reckons a pattern on a number or text as if the text had no bound, and refuses it. */
    static final String CONTAINER_PORT_RULE = "!has(self.port) || type(self.port) == int || self.port.size() <= 15";

    static final String CONTAINER_PORT_MESSAGE = "the port of a podSelector is a number, or the name of a container"
            + " port, which has at most 15 characters";

    /** {@link dev.wsroute.config.ProxyPorts}, with the zeros before them that a number in quotes may have. */
    static final String BACKEND_PORT_RULE = "!has(self.port) || (type(self.port) == int"
            + " ? !(self.port in [9901, 9902]) : !self.port.matches('^0*990[12]$'))";

    static final String BACKEND_PORT_MESSAGE =
            "ports 9901 and 9902 are the proxies' own, for metrics and probes; no backend can be there";

    static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    /** Longer than the longest text of {@link Durations#PATTERN}. */
    static final int DURATION_LENGTH = 32;

    static final String DURATION_RULE =
            "self.matches('" + Durations.PATTERN + "') && duration(self) <= duration('24h')";
    static final String DURATION_MESSAGE = "must be a duration such as 500ms, 15s or 1h30m, and at most 24h";

    static final String POSITIVE_DURATION_RULE = DURATION_RULE + " && duration(self) > duration('0s')";
    static final String POSITIVE_DURATION_MESSAGE =
            "must be a duration above zero such as 500ms, 15s or 1h30m, and at most 24h";

    private static final String ABOVE_ZERO =
            "self.matches('" + Durations.PATTERN + "') && duration(self) > duration('0s')";

    static final String AGE_RULE = ABOVE_ZERO + " && duration(self) <= duration('168h')";
    static final String AGE_MESSAGE = "must be a duration above zero such as 90s, 15m or 12h, and at most 168h";

    static final String SESSION_DURATION_RULE = ABOVE_ZERO + " && duration(self) <= duration('8760h')";
    static final String SESSION_DURATION_MESSAGE =
            "must be a duration above zero such as 90s, 15m or 12h, and at most 8760h";

    static final String PING_RULE = DURATION_RULE + " && duration(self) >= duration('1s')";
    static final String PING_MESSAGE = "must be a duration of at least 1s such as 15s or 1m30s, and at most 24h";

    static final String ADDRESSES_RULE = "self.all(a, isIP(a) || isCIDR(a))";
    static final String ADDRESSES_MESSAGE = "each must be an IP address or a range such as 10.0.0.0/8";

    private FieldRules() {}
}
