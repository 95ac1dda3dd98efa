// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

/** A connection that can be reset to free its memory. */
@FunctionalInterface
public interface Evictable {

    /**
     * Resets the connection and releases all its memory. May be called on any thread. Returns at once; the reset
     * follows asynchronously.
     */
    void evict();
}
