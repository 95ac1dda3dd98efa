// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;

/** A look into a proxy was not possible, such as without the permission to trace it: that run has no figures. */
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
