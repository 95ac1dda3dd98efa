package dev.wsroute.config;

import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.config.RuleConfig.PathMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold of a rule's matches, and of what it changes in requests and responses. */
final class RequestRules {

    static final int MAX_NAME = 256;

    private static final int MAX_VALUE = 4096;
    private static final int MAX_PARAMETER = 1024;
    /** Of all expressions of a document, each compiled and held by every proxy. */
    static final long MAX_DOCUMENT_STEPS = 100_000;

    /** A host name of 253 characters, and a port. */
    private static final int MAX_AUTHORITY = 259;

    private static final Pattern AUTHORITY = Pattern.compile(HttpNames.AUTHORITY);
    private static final Pattern PATH = Pattern.compile(HttpNames.PATH);

    private final Problems problems;
    private long steps;

    RequestRules(Problems problems) {
        this.problems = problems;
    }

    void check(String path, RuleConfig rule) {
        for (int i = 0; i < rule.matches().size(); i++) {
            match(path + ".matches[" + i + "]", rule.matches().get(i));
        }
        rewrite(path + ".urlRewrite", rule);
        modifier(path + ".requestHeaders", rule.requestHeaders());
        modifier(path + ".responseHeaders", rule.responseHeaders());
        if (rule.trailers() != null) {
            trailers(path + ".trailers.request", rule.trailers().request());
            trailers(path + ".trailers.response", rule.trailers().response());
        }
    }

    private void match(String path, MatchConfig match) {
        if (match.path() != null) {
            path(path + ".path.value", match.path());
        }
        headers(path + ".headers", match.headers());
        unique(path + ".headers", match.headers(), RequestRules::lowerCaseName);
        for (int i = 0; i < match.queryParams().size(); i++) {
            NameValue parameter = match.queryParams().get(i);
            String at = path + ".queryParams[" + i + "]";
            if (parameter.name().isEmpty() || parameter.name().length() > MAX_NAME) {
                problems.add(
                        at + ".name",
                        "must have 1 to " + MAX_NAME + " characters, got "
                                + parameter.name().length());
            }
            if (parameter.value().length() > MAX_PARAMETER) {
                problems.add(
                        at + ".value",
                        "must have at most " + MAX_PARAMETER + " characters, got "
                                + parameter.value().length());
            }
        }
        unique(path + ".queryParams", match.queryParams(), NameValue::name);
        for (int i = 0; i < match.subprotocols().size(); i++) {
            token(
                    path + ".subprotocols[" + i + "]",
                    "a subprotocol",
                    match.subprotocols().get(i));
        }
    }

    private void path(String path, PathMatch match) {
        if (match.type() == PathMatch.Type.RegularExpression) {
            expression(path, match.value());
        } else {
            plainPath(path, match.value());
        }
    }

    private void expression(String path, String regex) {
        if (steps > MAX_DOCUMENT_STEPS) {
            // One sentence says it, and nothing more is compiled.
            return;
        }
        String problem = RegexRules.problem(regex);
        if (problem != null) {
            problems.add(path, problem);
            return;
        }
        steps += RegexSize.of(regex).steps();
        if (steps > MAX_DOCUMENT_STEPS) {
            problems.add(
                    path,
                    "makes the regular expressions of the document unfold to more than " + MAX_DOCUMENT_STEPS
                            + " steps together");
        }
    }

    private void plainPath(String path, String value) {
        if (!PATH.matcher(value).matches()) {
            problems.add(path, "must begin with \"/\" and hold no blank, \"?\" or \"#\", got \"" + value + "\"");
        }
    }

    private void rewrite(String path, RuleConfig rule) {
        UrlRewrite rewrite = rule.urlRewrite();
        if (rewrite == null) {
            return;
        }
        String prefix = rewrite.replacePrefixMatch();
        String hostname = rewrite.hostname();
        if (prefix == null && hostname == null) {
            problems.add(path, "must have replacePrefixMatch or hostname");
        }
        if (prefix != null) {
            plainPath(path + ".replacePrefixMatch", prefix);
            if (!rule.matches().stream().allMatch(RequestRules::hasPrefix)) {
                problems.add(path + ".replacePrefixMatch", "needs every match of the rule to be of type PathPrefix");
            }
        }
        if (hostname != null && !isAuthority(hostname)) {
            problems.add(
                    path + ".hostname",
                    "must be a lower-case host name or an IP address, with or without a port, such"
                            + " as chat.example.com, chat.example.com:8443 or [2001:db8::1]:8443, got \"" + hostname
                            + "\"");
        }
    }

    private static boolean isAuthority(String text) {
        if (text.length() > MAX_AUTHORITY || !AUTHORITY.matcher(text).matches()) {
            return false;
        }
        int bracket = text.indexOf(']');
        return bracket > 0
                ? IpAddresses.isIpv6(text.substring(1, bracket))
                : Problems.isHostname(text.split(":", 2)[0]);
    }

    private static boolean hasPrefix(MatchConfig match) {
        return match.path() == null || match.path().type() == PathMatch.Type.PathPrefix;
    }

    private void modifier(String path, @Nullable HeaderModifier modifier) {
        if (modifier == null) {
            return;
        }
        headers(path + ".set", modifier.set());
        unique(path + ".set", modifier.set(), RequestRules::lowerCaseName);
        headers(path + ".add", modifier.add());
        for (int i = 0; i < modifier.set().size(); i++) {
            changeable(path + ".set[" + i + "].name", modifier.set().get(i).name());
        }
        for (int i = 0; i < modifier.add().size(); i++) {
            changeable(path + ".add[" + i + "].name", modifier.add().get(i).name());
        }
        for (int i = 0; i < modifier.remove().size(); i++) {
            String at = path + ".remove[" + i + "]";
            token(at, "a header's name", modifier.remove().get(i));
            changeable(at, modifier.remove().get(i));
        }
    }

    private void trailers(String path, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            String at = path + "[" + i + "]";
            token(at, "a trailer's name", names.get(i));
            if (HttpNames.isNoTrailer(names.get(i))) {
                problems.add(
                        at, "must not be " + names.get(i) + ": it is read before the body, so it cannot be a trailer");
            }
        }
    }

    private void headers(String path, List<NameValue> headers) {
        for (int i = 0; i < headers.size(); i++) {
            String at = path + "[" + i + "]";
            token(at + ".name", "a header's name", headers.get(i).name());
            if (!HttpNames.isValue(headers.get(i).value(), MAX_VALUE)) {
                problems.add(
                        at + ".value",
                        "must be 1 to " + MAX_VALUE + " printable ASCII characters without a blank at either end");
            }
        }
    }

    private void token(String path, String what, String text) {
        if (!HttpNames.isToken(text, MAX_NAME)) {
            problems.add(
                    path,
                    "must be " + what + ", which is letters, digits and some of !#$%&'*+-.^_`|~, got \"" + text + "\"");
        }
    }

    private void changeable(String path, String header) {
        if (HttpNames.isProxyOwned(header)) {
            problems.add(
                    path,
                    "must not be " + header + ", which the proxy itself writes"
                            + (header.equalsIgnoreCase("host") ? "; use urlRewrite.hostname" : ""));
        }
    }

    private void unique(String path, List<NameValue> pairs, Function<NameValue, String> key) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            Integer earlier = seen.putIfAbsent(key.apply(pairs.get(i)), i);
            if (earlier != null) {
                problems.notUnique(path + "[" + i + "].name", pairs.get(i).name(), path + "[" + earlier + "].name");
            }
        }
    }

    private static String lowerCaseName(NameValue header) {
        return header.name().toLowerCase(Locale.ROOT);
    }
}
