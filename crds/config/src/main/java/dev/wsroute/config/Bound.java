// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A constraint on a value, derived from the annotations of its field. The parser checks it, and the CRD and the schema of
 * the document state it.
 *
 * @param sentence completes a sentence that begins with the field's path, such as "must be between 0 and 100"
 * @param cel the same in CEL, where {@code self} is the value; null if the API server words it itself or cannot afford it
 * @param holds the same in Java
 * @param got ends the sentence with the value, such as ", got 101"
 */
public record Bound(String sentence, @Nullable String cel, Predicate<Object> holds, Function<Object, String> got) {

    private static final Bound NOT_BLANK =
            new Bound("must not be empty", null, value -> value instanceof String text && !text.isBlank(), value -> "");

    /** The bounds of {@code field}'s value, or of each item if it is a list. The first that fails is reported. */
    public static List<Bound> of(RecordComponent field) {
        List<Bound> bounds = new ArrayList<>();
        Range range = field.getAnnotation(Range.class);
        if (range != null) {
            bounds.add(of(range));
        }
        Span span = field.getAnnotation(Span.class);
        if (span != null) {
            bounds.add(of(span));
        }
        Text text = field.getAnnotation(Text.class);
        if (text != null) {
            bounds.addAll(of(text));
        }
        if (field.isAnnotationPresent(NotBlank.class)) {
            bounds.add(NOT_BLANK);
        }
        return bounds;
    }

    /** The bounds of a text, its length first. */
    public static List<Bound> of(Text text) {
        List<Bound> bounds = new ArrayList<>();
        bounds.add(length(text));
        text.form().clauses().forEach(clause -> bounds.add(of(clause)));
        return bounds;
    }

    private static Bound of(Range range) {
        return new Bound(
                "must be between " + range.min() + " and " + range.max(),
                "self >= " + range.min() + " && self <= " + range.max(),
                value -> value instanceof Number number
                        && number.longValue() >= range.min()
                        && number.longValue() <= range.max(),
                value -> ", got " + value);
    }

    private static Bound of(Span span) {
        Duration min = Durations.parse(span.min());
        Duration max = Durations.parse(span.max());
        String cel = "self.matches('" + Durations.PATTERN + "') && duration(self) <= duration('" + span.max() + "')";
        String shortest = "";
        if (span.min().equals(Span.ABOVE_ZERO)) {
            cel += " && duration(self) > duration('0s')";
            shortest = "above 0s and ";
        } else if (!min.isZero()) {
            cel += " && duration(self) >= duration('" + span.min() + "')";
            shortest = "at least " + span.min() + " and ";
        }
        return new Bound(
                "must be a duration such as 500ms, 15s or 1h30m, " + shortest + "at most " + span.max(),
                cel,
                value -> value instanceof Duration duration
                        && duration.compareTo(min) >= 0
                        && duration.compareTo(max) <= 0,
                value -> ", got " + (value instanceof Duration duration ? Durations.format(duration) : value));
    }

    private static Bound length(Text text) {
        return new Bound(
                "must have " + (text.min() == 0 ? "at most " : text.min() + " to ") + text.max() + " characters",
                null,
                value -> value instanceof String string && length(string) >= text.min() && length(string) <= text.max(),
                value -> ", got " + length((String) value));
    }

    private static Bound of(TextForm.Clause clause) {
        return new Bound(
                clause.sentence(),
                clause.cel(),
                value -> value instanceof String text && clause.holds().test(text),
                value -> clause.quoted() ? ", got \"" + value + "\"" : "");
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
