// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

/**
 * Receives an entry for each finished exchange and each opened or closed WebSocket. Called on every event loop; must
 * not block or throw.
 */
@FunctionalInterface
public interface AccessLogSink {

    /** Logs an entry. */
    void log(AccessEntry entry);

    /** Discards all entries. */
    AccessLogSink NONE = entry -> {};
}
