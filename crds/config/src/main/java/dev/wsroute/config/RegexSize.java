package dev.wsroute.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a regular expression's program, computed from its text before anything compiles it. RE2/J expands each
 * counted repetition, nested ones too, and recurses through steps that consume no character.
 *
 * @param steps at least as many as the program has, within a small factor
 * @param empty steps that consume no character: alternatives, groups and assertions
 * @param depth of nested groups
 * @param quotes whether part of it is quoted by {@code \Q}, so that these numbers are meaningless
 */
record RegexSize(long steps, long empty, int depth, boolean quotes) {

    /** A Unicode class holds hundreds of ranges, once however often it is repeated. */
    private static final int UNICODE_CLASS_STEPS = 100;

    /** The steps at which a capturing group begins and ends. */
    private static final int GROUP_ENDS = 2;

    static RegexSize of(String regex) {
        return new Reader(regex).read();
    }

    /** Adds up the text from left to right, with a stack of the open groups. */
    private static final class Reader {

        private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

        /** They are no part of their own: a repetition behind them repeats what stands before them. */
        private static final Pattern FLAGS = Pattern.compile("\\(\\?[A-Za-z-]*\\)");

        private final String regex;
        private final Deque<Open> outer = new ArrayDeque<>();
        /** The innermost open group, without its last part. */
        private Count group = Count.NOTHING;
        /** What a repetition would apply to. */
        private Count part = Count.NOTHING;
        /** What no repetition multiplies. */
        private long shared;

        private int depth;
        private boolean quotes;

        Reader(String regex) {
            this.regex = regex;
        }

        RegexSize read() {
            Matcher repetition = REPETITION.matcher(regex);
            Matcher flags = FLAGS.matcher(regex);
            for (int i = 0; i < regex.length(); i++) {
                switch (regex.charAt(i)) {
                    case '\\' -> {
                        next(isAssertion(i) ? Count.EMPTY : Count.CHARACTER);
                        i = escapeEnd(i);
                    }
                    case '[' -> {
                        next(Count.CHARACTER);
                        i = classEnd(i);
                    }
                    case '(' -> i = flags.find(i) && flags.start() == i ? flags.end() - 1 : open(i);
                    case ')' -> close();
                    case '{' -> {
                        if (repetition.find(i) && repetition.start() == i) {
                            part = part.times(times(repetition));
                            i = repetition.end() - 1;
                        } else {
                            next(Count.CHARACTER);
                        }
                    }
                    case '?', '*', '+' -> part = part.plus(Count.EMPTY);
                    case '|', '^', '$' -> next(Count.EMPTY);
                    default -> next(Count.CHARACTER);
                }
            }
            Count all = outer.stream().map(Open::before).reduce(group.plus(part), Count::plus);
            return new RegexSize(all.steps + shared, all.empty, depth, quotes);
        }

        private void next(Count one) {
            group = group.plus(part);
            part = one;
        }

        /** The last character of what opens the group at {@code i}. */
        private int open(int i) {
            boolean plain = regex.startsWith("(?", i) && !regex.startsWith("(?P<", i) && !regex.startsWith("(?<", i);
            outer.push(new Open(group.plus(part), plain ? Count.CHARACTER : Count.CAPTURE));
            depth = Math.max(depth, outer.size());
            group = Count.NOTHING;
            part = Count.NOTHING;
            return plain ? i + 1 : i;
        }

        private void close() {
            Open opened = outer.isEmpty() ? new Open(Count.NOTHING, Count.CAPTURE) : outer.pop();
            part = group.plus(part).plus(opened.itself);
            group = opened.before;
        }

        private static long times(Matcher repetition) {
            long least = Long.parseLong(repetition.group(1));
            String most = repetition.group(3);
            return most == null || most.isEmpty() ? least + 1 : Math.max(least, Long.parseLong(most)) + 1;
        }

        private boolean isAssertion(int escape) {
            return escape + 1 < regex.length() && "bBAz".indexOf(regex.charAt(escape + 1)) >= 0;
        }

        /** The last character of the escape that begins at {@code i}: {@code \d}, {@code \pN}, {@code \x{10FFFF}}. */
        private int escapeEnd(int i) {
            note(i);
            boolean braced = regex.startsWith("\\x{", i) || regex.startsWith("\\p{", i) || regex.startsWith("\\P{", i);
            int end = braced ? regex.indexOf('}', i) : i + 1;
            return end < 0 ? i + 1 : end;
        }

        private void note(int escape) {
            switch (escape + 1 < regex.length() ? regex.charAt(escape + 1) : '\\') {
                case 'Q' -> quotes = true;
                case 'p', 'P' -> shared += UNICODE_CLASS_STEPS;
                default -> {}
            }
        }

        /** The last character of the class that begins at {@code i}; a bracket that comes first in it is one of its own. */
        private int classEnd(int i) {
            int first = regex.startsWith("[^", i) ? i + 2 : i + 1;
            for (int at = first; at < regex.length(); at++) {
                if (regex.charAt(at) == '\\') {
                    note(at);
                    at++;
                } else if (regex.charAt(at) == ']' && at > first) {
                    return at;
                }
            }
            return i;
        }
    }

    /**
     * A group that is not closed yet.
     *
     * @param before what stands before it in the group around it
     * @param itself what it takes beside what it holds
     */
    private record Open(Count before, Count itself) {}

    private record Count(long steps, long empty) {

        static final Count NOTHING = new Count(0, 0);
        static final Count CHARACTER = new Count(1, 0);
        static final Count EMPTY = new Count(1, 1);
        static final Count CAPTURE = new Count(1, GROUP_ENDS);

        Count plus(Count other) {
            return new Count(bounded(steps + other.steps), bounded(empty + other.empty));
        }

        /** A part that may consume no character takes one more step each time to skip it. */
        Count times(long times) {
            return new Count(bounded(Math.max(steps, 1) * times), bounded((empty == 0 ? 0 : empty + 1) * times));
        }

        private static long bounded(long number) {
            return Math.min(number, Integer.MAX_VALUE);
        }
    }
}
