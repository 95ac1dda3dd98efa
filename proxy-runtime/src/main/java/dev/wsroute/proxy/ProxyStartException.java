// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

/** The program cannot start. The message is a sentence for the user. */
final class ProxyStartException extends Exception {

    private static final long serialVersionUID = 1;

    ProxyStartException(String message) {
        super(message);
    }

    ProxyStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
