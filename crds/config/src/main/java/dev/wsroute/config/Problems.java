// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the problems of a document. Checks stop once there are {@value #MOST} of them (see {@link #isFull()}).
 */
final class Problems {

    /** Maximum number of reported problems. */
    static final int MOST = 100;

    private final List<Problem> found = new ArrayList<>();

    List<Problem> found() {
        return found;
    }

    /**
     * @param path of the field; empty for the whole document
     * @param fault the rest of a sentence that starts with the path
     */
    void add(String path, String fault) {
        add(new Problem(path, fault));
    }

    void add(Problem problem) {
        if (!isFull()) {
            found.add(problem);
        }
    }

    boolean isFull() {
        return found.size() >= MOST;
    }

    /** At most {@value #MOST} problems, and one more if there may be further ones. */
    static List<Problem> bounded(List<Problem> problems) {
        if (problems.size() < MOST) {
            return List.copyOf(problems);
        }
        List<Problem> bounded = new ArrayList<>(problems.subList(0, MOST));
        bounded.add(
                Problem.ofDocument("There may be more problems: the document is checked until " + MOST + " are found"));
        return List.copyOf(bounded);
    }

    void notUnique(String path, String name, String earlier) {
        add(new Problem(path, "must be unique, \"" + name + "\" is also", earlier));
    }
}
