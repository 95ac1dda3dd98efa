// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of the program of a regular expression, estimated from its text before it is compiled. RE2/J expands all counted
 * repetitions, including nested ones, and recurses through instructions that consume no character.
 *
 * @param steps an upper bound of the number of instructions, within a small factor
 * @param empty number of instructions that consume no character: alternatives, groups and assertions
 * @param depth of nested groups
 * @param repeatsGroupOften whether a group is repeated 100 times or more
 * @param quotes whether part of it is quoted by {@code \Q}, which makes these numbers meaningless
 */
record RegexSize(long steps, long empty, int depth, boolean repeatsGroupOften, boolean quotes) {

    /** A Unicode class has hundreds of ranges, but only once, however often it is repeated. */
    private static final int UNICODE_CLASS_STEPS = 100;

    /** The instructions at the start and the end of a capturing group. */
    private static final int GROUP_ENDS = 2;

    static RegexSize of(String regex) {
        return new Reader(regex).read();
    }

    /** Sums up the text from left to right, with a stack of open groups. */
    private static final class Reader {

        private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

        /** The beginning of a count of three digits or more. */
        private static final Pattern MANY_TIMES = Pattern.compile("\\{\\d*,?\\d{3}");

        /** They are no atoms: a repetition after them applies to what precedes them. */
        private static final Pattern FLAGS = Pattern.compile("\\(\\?[A-Za-z-]*\\)");

        private final String regex;
        private final Deque<Open> outer = new ArrayDeque<>();
        /** The innermost open group, without its last atom. */
        private Count group = Count.NOTHING;
        /** The last atom, to which a repetition would apply. */
        private Count part = Count.NOTHING;
        /** The size that repetitions do not multiply. */
        private long shared;

        private int depth;
        private boolean repeatsGroupOften;
        private boolean quotes;

        Reader(String regex) {
            this.regex = regex;
        }

        RegexSize read() {
            Matcher repetition = REPETITION.matcher(regex);
            Matcher flags = FLAGS.matcher(regex);
            boolean afterGroup = false;
            for (int i = 0; i < regex.length(); i++) {
                boolean escape = regex.charAt(i) == '\\';
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
                        repeatsGroupOften |= afterGroup
                                && MANY_TIMES
                                        .matcher(regex)
                                        .region(i, regex.length())
                                        .lookingAt();
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
                afterGroup = !escape && regex.charAt(i) == ')';
            }
            Count all = outer.stream().map(Open::before).reduce(group.plus(part), Count::plus);
            return new RegexSize(all.steps + shared, all.empty, depth, repeatsGroupOften, quotes);
        }

        private void next(Count one) {
            group = group.plus(part);
            part = one;
        }

        /** Index of the last character of the opening of the group at {@code i}. */
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

        /** Index of the last character of the escape at {@code i}, such as {@code \d}, {@code \pN} or {@code \x{10FFFF}}. */
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

        /** Index of the last character of the class at {@code i}; a bracket in first position is a literal. */
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
     * An open group.
     *
     * @param before size of what precedes it in the enclosing group
     * @param itself size of the group itself, without its content
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

        /** An optional atom takes one more instruction per repetition to skip it. */
        Count times(long times) {
            return new Count(bounded(Math.max(steps, 1) * times), bounded((empty == 0 ? 0 : empty + 1) * times));
        }

        private static long bounded(long number) {
            return Math.min(number, Integer.MAX_VALUE);
        }
    }
}
