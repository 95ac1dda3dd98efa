// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

/** A key set that cannot be used. The message is one sentence without a full stop; it never quotes the set. */
public final class KeySetException extends Exception {

    private static final long serialVersionUID = 1;

    KeySetException(String sentence) {
        super(sentence);
    }

    KeySetException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The message. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
