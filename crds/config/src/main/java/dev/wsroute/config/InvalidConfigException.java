// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The document is invalid. Problems and message are bounded, so that
 * they fit into a log, a status and a ConfigMap that many proxies share.
 */
public class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    /** Maximum length of the message in characters. */
    private static final int LONGEST_MESSAGE = 2000;

    private final transient List<Problem> problems;
    private final transient @Nullable ConfigVersion version;

    InvalidConfigException(Problem problem) {
        this(null, List.of(problem));
    }

    InvalidConfigException(@Nullable ConfigVersion version, List<Problem> problems) {
        super(summary(Problems.bounded(problems).stream().map(Problem::sentence).toList()));
        this.problems = Problems.bounded(problems);
        this.version = version;
    }

    /** The version in the document; null if there is none, or it is unreadable. */
    public @Nullable ConfigVersion version() {
        return version;
    }

    private static String summary(List<String> sentences) {
        StringBuilder message = new StringBuilder(sentences.get(0));
        for (int i = 1; i < sentences.size(); i++) {
            if (message.length() + sentences.get(i).length() > LONGEST_MESSAGE) {
                return message.append("; and ")
                        .append(sentences.size() - i)
                        .append(" more problems")
                        .toString();
            }
            message.append("; ").append(sentences.get(i));
        }
        return message.toString();
    }

    /** At least 1 and at most 101. */
    public List<Problem> problems() {
        return problems;
    }

    /** One sentence for each problem, naming the field's path; at most 500 characters each. */
    public List<String> sentences() {
        return problems.stream().map(Problem::sentence).toList();
    }
}
