// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import org.jspecify.annotations.Nullable;

/** The operator cannot start; the message is the sentence that the user sees. */
final class OperatorStartupException extends Exception {

    private static final long serialVersionUID = 1;

    OperatorStartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
