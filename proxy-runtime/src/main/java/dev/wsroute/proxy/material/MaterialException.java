// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

/** A certificate or key that cannot be used. The message is one sentence without a full stop; it never quotes a key. */
public final class MaterialException extends Exception {

    private static final long serialVersionUID = 1;

    public MaterialException(String sentence) {
        super(sentence);
    }

    public MaterialException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The message. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
