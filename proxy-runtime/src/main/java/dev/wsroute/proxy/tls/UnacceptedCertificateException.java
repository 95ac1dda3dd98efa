// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.BackendTlsFailure;
import java.security.cert.CertificateException;

/** A backend's certificate is not accepted. */
final class UnacceptedCertificateException extends CertificateException {

    private static final long serialVersionUID = 1;

    private final BackendTlsFailure reason;

    UnacceptedCertificateException(BackendTlsFailure reason, String detail, Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    BackendTlsFailure reason() {
        return reason;
    }
}
