package dev.wsroute.proxy.report;

import dev.wsroute.config.ProxyReport;
import java.io.IOException;

/** Where reports go. */
@FunctionalInterface
public interface ReportWriter {

    /**
     * Replaces this proxy's report. May block.
     *
     * @throws IOException when it could not be written; it is tried again
     */
    void write(ProxyReport report) throws IOException;
}
