// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/** Checks the regular expressions of a document, and that all of them together stay small. */
final class ExpressionChecks {

    /** Of all expressions of a document; each proxy compiles and holds them. */
    static final long MAX_DOCUMENT_STEPS = 100_000;

    private final Problems problems;
    private long steps;

    ExpressionChecks(Problems problems) {
        this.problems = problems;
    }

    void check(String path, String regex) {
        if (steps > MAX_DOCUMENT_STEPS) {
            // Already reported; no further expression is compiled.
            return;
        }
        String problem = RegexRules.problem(regex);
        if (problem != null) {
            problems.add(path, problem);
            return;
        }
        steps += RegexSize.of(regex).steps();
        if (steps > MAX_DOCUMENT_STEPS) {
            problems.add(
                    path,
                    "makes the regular expressions of the document unfold to more than " + MAX_DOCUMENT_STEPS
                            + " steps together");
        }
    }
}
