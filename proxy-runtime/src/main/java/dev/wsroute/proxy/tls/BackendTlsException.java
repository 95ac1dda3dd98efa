// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.BackendTlsFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** TLS with a backend failed. The message completes a sentence such as "TLS failed: ". */
public final class BackendTlsException extends IOException {

    private static final long serialVersionUID = 1;

    private final BackendTlsFailure reason;

    public BackendTlsException(BackendTlsFailure reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public BackendTlsException(BackendTlsFailure reason, String detail, Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    /** Why it failed. */
    public BackendTlsFailure reason() {
        return reason;
    }

    /** The sentence about a failure for the access log; null if it has nothing to do with TLS. */
    public static @Nullable String sentence(Throwable failure) {
        return failure instanceof BackendTlsException
                ? "TLS with the backend failed: " + failure.getMessage() + "."
                : null;
    }
}
