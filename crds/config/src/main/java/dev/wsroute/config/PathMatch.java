// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.regex.Pattern;

/**
 * A condition on the path of a request.
 *
 * @param type how {@code value} is compared with the received path, without its query
 * @param value starts with a slash, unless it is a regular expression
 */
@Rule(
        cel = PathMatch.NO_REGEX + "!self.value.contains('\\\\Q')",
        message = "must be a regular expression that escapes literal characters with \\ instead of \\Q and \\E",
        field = "value")
// Evaluation fails if the expression does not compile, and the API reports the compiler's message. An expression
// with a counted group or a count above 9 is not compiled there, in the shared API server, but by the operator,
// which computes its size first. The guard is short because Kubernetes estimates a rule's cost from its length.
@Rule(
        cel = PathMatch.NO_REGEX + "self.value.matches(r'\\){|\\d\\d') || (''.matches(self.value) ? true : true)",
        message = "must be a regular expression in RE2 syntax",
        field = "value")
public record PathMatch(Type type, @Text(max = 1024) String value) {

    static final String IS_REGEX = "has(self.type) && self.type == 'RegularExpression'";
    static final String NO_REGEX = "!(" + IS_REGEX + ") || !has(self.value) || ";
    private static final Pattern PATH = Pattern.compile(HttpNames.PATH);

    public PathMatch {
        type = Defaults.or(type, Type.PathPrefix);
        value = Defaults.or(value, "/");
    }

    @Rule(
            cel = IS_REGEX + " || !has(self.value) || self.value.matches(r'" + HttpNames.PATH + "')",
            message = "must begin with / and must not contain white space, ? or #, unless type is RegularExpression",
            field = "value")
    boolean isPathOrExpression() {
        return type == Type.RegularExpression || PATH.matcher(value).matches();
    }

    // After an escaped parenthesis CEL cannot tell, within its cost limit, what is repeated: the operator checks.
    @Rule(
            cel = NO_REGEX + "self.value.contains(r'\\){') || !self.value.matches(r'\\){\\d*,?\\d{3}')",
            message = "must be a regular expression that repeats a group at most 99 times",
            field = "value")
    boolean repeatsGroupsRarely() {
        // Longer values are refused anyway.
        return type != Type.RegularExpression
                || value.length() > RegexRules.MAX_LENGTH
                || !RegexSize.of(value).repeatsGroupOften();
    }

    /** How paths are compared. The constants are those of the Gateway API. */
    public enum Type {
        /** The path is the value, or the value followed by further segments. */
        PathPrefix,
        /** The path equals the value, byte for byte. */
        Exact,
        /** The value is an expression in RE2 syntax that matches the whole path. */
        RegularExpression
    }
}
