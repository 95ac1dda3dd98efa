package dev.wsroute.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The problems of a document, and the checks that many fields share. There are at most {@value #MOST} problems: checks
 * stop when {@link #isFull() there is no room}.
 */
final class Problems {

    private static final Pattern HOSTNAME = Pattern.compile(HttpNames.DNS_LABEL + "(\\." + HttpNames.DNS_LABEL + ")*");
    private static final int MAX_HOSTNAME = 253;
    private static final Duration MAX_DURATION = Duration.ofDays(7);

    /** How many problems are reported at once. */
    static final int MOST = 100;

    private final List<Problem> found = new ArrayList<>();

    List<Problem> found() {
        return found;
    }

    /**
     * @param path the field; empty for the whole document
     * @param fault what is wrong with it, the rest of a sentence that begins with the path
     */
    void add(String path, String fault) {
        add(new Problem(path, fault));
    }

    private void add(Problem problem) {
        if (!isFull()) {
            found.add(problem);
        }
    }

    boolean isFull() {
        return found.size() >= MOST;
    }

    /** At most {@value #MOST} problems, and one more that says so where there may be others. */
    static List<Problem> bounded(List<Problem> problems) {
        if (problems.size() < MOST) {
            return List.copyOf(problems);
        }
        List<Problem> bounded = new ArrayList<>(problems.subList(0, MOST));
        bounded.add(
                Problem.ofDocument("There may be more problems: the document is checked until " + MOST + " are found"));
        return List.copyOf(bounded);
    }

    static boolean isHostname(String text) {
        return text.length() <= MAX_HOSTNAME && HOSTNAME.matcher(text).matches();
    }

    void named(String path, String name) {
        if (name.isBlank()) {
            add(path, "must not be empty");
        }
    }

    /**
     * @param names the earlier names with their indexes
     * @param form the path of an earlier name, with {@code %d} for its index
     */
    void unique(Map<String, Integer> names, String path, String form, String name, int index) {
        named(path, name);
        Integer earlier = names.putIfAbsent(name, index);
        if (earlier != null) {
            notUnique(path, name, form.formatted(earlier));
        }
    }

    void notUnique(String path, String name, String earlier) {
        add(new Problem(path, "must be unique, \"" + name + "\" is also", earlier));
    }

    void between(String path, @Nullable Number value, long least, long most) {
        if (value != null && (value.longValue() < least || value.longValue() > most)) {
            add(path, "must be between " + least + " and " + most + ", got " + value);
        }
    }

    /** Zero is allowed. */
    void duration(String path, @Nullable Duration value) {
        atMost(path, value, MAX_DURATION);
    }

    void positiveDuration(String path, @Nullable Duration value) {
        positiveDuration(path, value, MAX_DURATION);
    }

    void positiveDuration(String path, @Nullable Duration value, Duration most) {
        if (value != null && value.isZero()) {
            add(path, "must be more than 0s");
        } else {
            atMost(path, value, most);
        }
    }

    private void atMost(String path, @Nullable Duration value, Duration most) {
        if (value != null && value.compareTo(most) > 0) {
            add(path, "must be at most " + Durations.format(most) + ", got " + Durations.format(value));
        }
    }
}
