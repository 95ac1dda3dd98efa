// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import java.time.Duration;

/**
 * The minimum rate at which a client must send a request body. It applies only while the proxy waits for the client:
 * not while the backend reads too slowly, not before the backend has sent 100 (Continue), and not after it has begun to
 * respond.
 *
 * @param window interval over which the rate is measured repeatedly
 * @param bytes minimum bytes of content per window, without chunk framing
 */
public record BodyRate(Duration window, int bytes) {

    /** 7,200 bytes in 30 s, which is 240 bytes a second: a fifth of what the slowest mobile networks carry. */
    public static final BodyRate DEFAULT = new BodyRate(Duration.ofSeconds(30), 7200);
}
