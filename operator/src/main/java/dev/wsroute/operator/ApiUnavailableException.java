// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

/** The API is unreachable or failing; a later attempt may succeed. The message is a sentence without a full stop. */
final class ApiUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    ApiUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
