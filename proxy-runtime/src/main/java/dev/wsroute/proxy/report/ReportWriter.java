// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import dev.wsroute.config.ProxyReport;
import java.io.IOException;

/** Writes reports. */
@FunctionalInterface
public interface ReportWriter {

    /**
     * Replaces this proxy's report. May block.
     *
     * @throws IOException when it could not be written; the caller retries
     */
    void write(ProxyReport report) throws IOException;
}
