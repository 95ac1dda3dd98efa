// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;

/** A probe was not possible, for example without the permission to trace. The run has no figures. */
final class NotMeasuredException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    NotMeasuredException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
