// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.cluster.api.http.RequestCounts.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What operator and proxy wrote while endpoints changed. Only two things may be written, and not for each change: the
 * operator's counts in the status, at most every ten seconds per route (docs/adr/0004-status-counts-lag.md), and a proxy's
 * report of its live connections, at most once per minute.
 *
 * @param part of the benchmark
 * @param changes of the EndpointSlice
 * @param took from the first to the last
 * @param requests of all clients during that time
 */
record Churn(String part, int changes, Duration took, RequestCounts.Snapshot requests) {

    static final String OPERATOR = "wsroute-operator";
    static final String PROXY = "wsroute-proxy";

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    List<Figure> figures() {
        return List.of(
                Figure.count(part, "writes of the operator, its counts in the status apart", operatorWrites(), 0),
                Figure.count(part, "writes of counts in the status", statusWrites(), most(STATUS_INTERVAL)),
                Figure.count(part, "writes of the proxy: its live connections", proxyWrites(), most(REPORT_INTERVAL)));
    }

    /** All requests except those for the route's status. */
    long operatorWrites() {
        return requests.sum(request -> by(OPERATOR, request) && !isStatus(request));
    }

    long statusWrites() {
        return requests.sum(request -> by(OPERATOR, request) && isStatus(request));
    }

    long proxyWrites() {
        return requests.sum(request -> by(PROXY, request));
    }

    /** Number of writes by kind. */
    String note() {
        return part + ": " + changes + " changes in " + took.toMillis() / 1000 + " s; the operator wrote "
                + text(requests.of(OPERATOR, Request::writes)) + ", the proxy "
                + text(requests.of(PROXY, Request::writes));
    }

    private static String text(Map<String, Long> writes) {
        return writes.isEmpty() ? "nothing" : writes.toString();
    }

    private long most(Duration interval) {
        return 1 + Math.floorDiv(took.toMillis(), interval.toMillis());
    }

    private static boolean by(String program, Request request) {
        return request.writes() && request.program().equals(program);
    }

    private static boolean isStatus(Request request) {
        return request.resource().equals("websocketroutes.wsroute.dev/status");
    }
}
