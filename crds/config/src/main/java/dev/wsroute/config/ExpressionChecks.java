// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/** Checks the regular expressions of a document and their total size. */
final class ExpressionChecks {

    /** Maximum size of all expressions of a document, since each proxy compiles them and keeps them in memory. */
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
