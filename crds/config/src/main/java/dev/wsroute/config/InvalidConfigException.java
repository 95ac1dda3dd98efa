package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The document is invalid. Each problem is one sentence with the path of the field. Problems and message are bounded, so that
 * they fit into a log, a status and a ConfigMap that many proxies share.
 */
public class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    /** Maximum length of the message in characters. */
    private static final int LONGEST_MESSAGE = 2000;

    private final transient List<String> problems;
    private final transient @Nullable ConfigVersion version;

    public InvalidConfigException(List<String> problems) {
        this(null, problems);
    }

    public InvalidConfigException(@Nullable ConfigVersion version, List<String> problems) {
        super(summary(Problems.bounded(problems)));
        this.problems = List.copyOf(Problems.bounded(problems));
        this.version = version;
    }

    /** The version in the document; null if there is none, or it is unreadable. */
    public @Nullable ConfigVersion version() {
        return version;
    }

    private static String summary(List<String> problems) {
        StringBuilder message = new StringBuilder(problems.get(0));
        for (int i = 1; i < problems.size(); i++) {
            if (message.length() + problems.get(i).length() > LONGEST_MESSAGE) {
                return message.append("; and ")
                        .append(problems.size() - i)
                        .append(" more problems")
                        .toString();
            }
            message.append("; ").append(problems.get(i));
        }
        return message.toString();
    }

    /** One sentence per problem: at least 1 and at most 101 sentences of at most 500 characters. */
    public List<String> problems() {
        return problems;
    }
}
