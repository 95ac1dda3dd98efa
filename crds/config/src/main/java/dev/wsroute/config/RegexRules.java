// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.google.re2j.PatternSyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules for regular expressions in a document. They match in linear time, but RE2/J expands counted repetitions when it
 * compiles, so {@code ((a{1000}){1000}){1000}} would exhaust the memory; hence the size is checked before compiling. The depth
 * is limited too, since RE2/J compiles and matches nested groups recursively.
 *
 * <p>{@code \Q...\E} is rejected: quoted text has another meaning than unquoted text, so the estimated size and the compiled
 * program could differ. RE2/J also loops for ever when it folds the case of U+1C80 to U+1C88 (google/re2j#168), which cannot occur
 * in a path: its characters are single bytes.
 */
final class RegexRules {

    static final int MAX_LENGTH = 1024;
    static final long MAX_STEPS = 2000;
    static final int MAX_DEPTH = 50;

    /** Matching recurses into groups, with a few hundred bytes of stack each. */
    static final long MAX_EMPTY_STEPS = 1000;

    private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[A-Za-z-]*i");
    private static final Pattern BEYOND_LATIN_1 = Pattern.compile("[^\\x00-\\xff]|\\\\x\\{(?!0*[0-9A-Fa-f]{1,2}})");

    private RegexRules() {}

    /** The problem of {@code regex}, as the end of a sentence; null if there is none. */
    static @Nullable String problem(String regex) {
        if (regex.isEmpty() || regex.length() > MAX_LENGTH) {
            return "must be a regular expression of 1 to " + MAX_LENGTH + " characters, got " + regex.length();
        }
        if (IGNORES_CASE.matcher(regex).find() && BEYOND_LATIN_1.matcher(regex).find()) {
            return "must be a regular expression that has no characters beyond U+00FF where it ignores case, got \""
                    + regex + "\"";
        }
        RegexSize size = RegexSize.of(regex);
        if (size.quotes()) {
            return "must be a regular expression that escapes literal characters with \\"
                    + " instead of \\Q and \\E, got \"" + regex + "\"";
        }
        if (size.depth() > MAX_DEPTH) {
            return "must be a regular expression whose groups are nested at most " + MAX_DEPTH + " deep, got \"" + regex
                    + "\"";
        }
        if (size.steps() > MAX_STEPS) {
            return "must be a regular expression whose repetitions unfold to at most " + MAX_STEPS + " steps, got \""
                    + regex + "\"";
        }
        if (size.empty() > MAX_EMPTY_STEPS) {
            return "must be a regular expression whose repetitions unfold to at most " + MAX_EMPTY_STEPS
                    + " groups, alternatives and assertions, got \"" + regex + "\"";
        }
        return compileProblem(regex);
    }

    private static @Nullable String compileProblem(String regex) {
        try {
            com.google.re2j.Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "must be a regular expression in RE2 syntax, got \"" + regex + "\": " + e.getDescription();
        } catch (RuntimeException | StackOverflowError e) {
            // An expression that makes RE2/J itself fail must not end the process.
            return "must be a regular expression that RE2/J can compile, got \"" + regex + "\"";
        }
    }
}
