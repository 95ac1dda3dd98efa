// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.proxy.report.ReportSource;
import java.time.Duration;
import java.util.function.Function;

/**
 * How a proxy finds out about the others.
 *
 * @param ownPod name of its pod
 * @param reports creates a source of all reports that reads them at about this interval
 */
public record OtherProxies(String ownPod, Function<Duration, ReportSource> reports) {}
