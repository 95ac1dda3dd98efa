package dev.wsroute.config;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which regular expressions a document may hold. Their time is linear, but RE2/J unfolds counted repetitions when it
 * compiles, so that {@code ((a{1000}){1000}){1000}} would take more memory than there is: the size is bounded before.
 * And it looks for ever for the other cases of U+1C80 to U+1C88 (google/re2j#168), of which no path has any: what it gets
 * is of one byte a character.
 */
final class RegexRules {

    static final int MAX_LENGTH = 1024;
    static final long MAX_STEPS = 2000;

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

    private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[A-Za-z-]*i");
    private static final Pattern BEYOND_LATIN_1 = Pattern.compile("[^\\x00-\\xff]|\\\\x\\{(?!0*[0-9A-Fa-f]{1,2}})");

    private final String regex;
    private final Deque<Long> outer = new ArrayDeque<>();
    /** Steps of the innermost open group, without its last part. */
    private long group;
    /** Steps of the part that a repetition would apply to. */
    private long part;

    private RegexRules(String regex) {
        this.regex = regex;
    }

    /** What is wrong with {@code regex}, as the end of a sentence; null when it can be used. */
    static @Nullable String problem(String regex) {
        if (regex.isEmpty() || regex.length() > MAX_LENGTH) {
            return "must be a regular expression of 1 to " + MAX_LENGTH + " characters, got " + regex.length();
        }
        if (IGNORES_CASE.matcher(regex).find() && BEYOND_LATIN_1.matcher(regex).find()) {
            return "must be a regular expression that has no characters beyond U+00FF where it ignores case, got \""
                    + regex + "\"";
        }
        if (new RegexRules(regex).steps() > MAX_STEPS) {
            return "must be a regular expression whose repetitions unfold to at most " + MAX_STEPS + " steps, got \""
                    + regex + "\"";
        }
        try {
            com.google.re2j.Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "must be a regular expression in RE2 syntax, got \"" + regex + "\": " + e.getDescription();
        }
    }

    /** At least as many steps as the compiled program has for each repetition, within a small factor. */
    private long steps() {
        Matcher repetition = REPETITION.matcher(regex);
        for (int i = 0; i < regex.length(); i++) {
            switch (regex.charAt(i)) {
                case '\\' -> {
                    next();
                    i = escapeEnd(i);
                }
                case '[' -> {
                    next();
                    i = classEnd(i);
                }
                case '(' -> {
                    outer.push(group + part);
                    group = 0;
                    part = 0;
                }
                case ')' -> {
                    part = group + part + 1;
                    group = outer.isEmpty() ? 0 : outer.pop();
                }
                case '{' -> {
                    if (repetition.find(i) && repetition.start() == i) {
                        part = Math.min(Math.max(part, 1) * times(repetition), Integer.MAX_VALUE);
                        i = repetition.end() - 1;
                    } else {
                        next();
                    }
                }
                default -> next();
            }
        }
        return outer.stream().mapToLong(Long::longValue).sum() + group + part;
    }

    private void next() {
        group = Math.min(group + part, Integer.MAX_VALUE);
        part = 1;
    }

    private static long times(Matcher repetition) {
        long least = Long.parseLong(repetition.group(1));
        String most = repetition.group(3);
        return most == null || most.isEmpty() ? least + 1 : Math.max(least, Long.parseLong(most)) + 1;
    }

    /** The last character of the escape that begins at {@code i}: {@code \d}, {@code \pN}, {@code \x{10FFFF}}. */
    private int escapeEnd(int i) {
        boolean braced = regex.startsWith("\\x{", i) || regex.startsWith("\\p{", i) || regex.startsWith("\\P{", i);
        int end = braced ? regex.indexOf('}', i) : i + 1;
        return end < 0 ? i + 1 : end;
    }

    /** The last character of the class that begins at {@code i}; a bracket that comes first in it is one of its own. */
    private int classEnd(int i) {
        int first = regex.startsWith("[^", i) ? i + 2 : i + 1;
        for (int at = first; at < regex.length(); at++) {
            if (regex.charAt(at) == '\\') {
                at++;
            } else if (regex.charAt(at) == ']' && at > first) {
                return at;
            }
        }
        return i;
    }
}
