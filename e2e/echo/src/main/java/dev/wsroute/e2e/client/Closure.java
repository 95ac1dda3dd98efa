// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

/**
 * How a connection ended, as the client saw it.
 *
 * @param code of the Close frame received; {@link #ABNORMAL} when the socket ended without one
 * @param reason the words in the Close frame, possibly empty
 * @param atNanos when, by {@link System#nanoTime()}
 */
public record Closure(int code, String reason, long atNanos) {

    /** What RFC 6455 §7.1.5 calls a connection that ended without a Close frame. */
    public static final int ABNORMAL = 1006;

    /** The Close frame carried no status code (RFC 6455 §7.1.5). */
    public static final int NO_STATUS = 1005;
}
