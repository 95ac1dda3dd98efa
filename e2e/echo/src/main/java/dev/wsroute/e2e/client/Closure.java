// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

/**
 * How a connection ended, as the client saw it.
 *
 * @param code of the Close frame received; {@link #ABNORMAL} if the stream ended without one
 * @param reason of the Close frame, possibly empty
 * @param atNanos when, by {@link System#nanoTime()}
 */
public record Closure(int code, String reason, long atNanos) {

    /** The code for a connection that ended without a Close frame (RFC 6455 §7.1.5). */
    public static final int ABNORMAL = 1006;

    /** The code for a Close frame without a status code (RFC 6455 §7.1.5). */
    public static final int NO_STATUS = 1005;
}
