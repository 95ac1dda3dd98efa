// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;

/** A proxy lost a connection or changed a message. The run has no figures. */
final class LoadFailedException extends IOException {

    private static final long serialVersionUID = 1;

    private final String sentence;

    LoadFailedException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
