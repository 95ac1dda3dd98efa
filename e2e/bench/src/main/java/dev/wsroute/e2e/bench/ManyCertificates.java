// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A proxy with many certificates on one listener: the time to load them, the memory that they take, and the time until a
 * renewed one is presented.
 *
 * @param identities of the listener
 * @param renewed another certificate for the host of the first
 */
record ManyCertificates(ProxyStarter starter, List<Identity> identities, Identity renewed) {

    static final int COUNT = 10_000;

    private static final double NANOS_A_MILLI = 1e6;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Measures a new proxy, which presents the renewed certificate afterwards. */
    Measurement of(Churned contender) throws IOException, InterruptedException {
        try (RunningProxy proxy = starter.start(contender, identities)) {
            double loaded = proxy.proportionalMemory();
            for (Identity identity : identities) {
                PresentedCertificate.at(proxy.port(), identity.host());
            }
            double used = proxy.proportionalMemory();
            long begun = System.nanoTime();
            Identity first = identities.get(0);
            first.replaceBy(renewed);
            contender.renew(proxy, first);
            awaitRenewed(proxy);
            double millis = (System.nanoTime() - begun) / NANOS_A_MILLI;
            return new Measurement(Map.of(
                    Measurement.START,
                    proxy.startMillis(),
                    Measurement.MEMORY_AT_START,
                    loaded,
                    Measurement.MEMORY_IN_USE,
                    used,
                    Measurement.RENEWAL,
                    millis,
                    Measurement.MEMORY_RENEWED,
                    proxy.proportionalMemory()));
        }
    }

    private void awaitRenewed(RunningProxy proxy) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (InputStream file = new FileInputStream(renewed.certificate().toFile())) {
            Object expected = CertificateFactory.getInstance("X.509").generateCertificate(file);
            while (!PresentedCertificate.at(proxy.port(), renewed.host()).equals(expected)) {
                if (System.nanoTime() > deadline) {
                    throw new LoadFailedException(proxy.label() + " does not present a renewed certificate");
                }
            }
        } catch (CertificateException e) {
            throw new IOException("a certificate cannot be read", e);
        }
    }
}
