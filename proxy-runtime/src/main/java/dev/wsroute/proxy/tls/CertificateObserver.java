// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CertificateReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Receives the state of the listeners' certificates, on the control thread. */
@FunctionalInterface
public interface CertificateObserver {

    /**
     * Called after each change, and now and then.
     *
     * @param reports those that need attention first
     * @param soonest by listener, when the first of its certificates in force expires
     */
    void certificates(List<CertificateReport> reports, Map<String, Instant> soonest);
}
