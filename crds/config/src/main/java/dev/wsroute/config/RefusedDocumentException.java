// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/** Ends the reading of a document that is refused whatever follows. */
final class RefusedDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    RefusedDocumentException(Problem problem) {
        super(problem.sentence());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
