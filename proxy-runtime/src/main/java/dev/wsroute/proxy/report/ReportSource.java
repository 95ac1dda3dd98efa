// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import dev.wsroute.config.ProxyReport;
import java.util.Map;
import java.util.function.Consumer;

/** The reports of all proxies of the route, read now and then. */
public interface ReportSource extends AutoCloseable {

    /** @param reports receives the readable ones by the names of the pods, on any thread, in calls that do not overlap */
    void start(Consumer<Map<String, ProxyReport>> reports);

    @Override
    void close();
}
