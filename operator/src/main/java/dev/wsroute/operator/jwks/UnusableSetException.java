// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

/** An answer that is no key set that proxies could use. The message is part of a sentence and never quotes the answer. */
final class UnusableSetException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableSetException(String why, Throwable cause) {
        super(why, cause);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
