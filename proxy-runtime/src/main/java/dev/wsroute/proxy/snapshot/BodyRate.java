package dev.wsroute.proxy.snapshot;

import java.time.Duration;

/**
 * The minimum rate at which a client must send a request's body. It applies only while the proxy waits for the client
 * alone: not while the backend takes no more, not before it has sent 100 (Continue), and not after it has begun to
 * respond.
 *
 * @param window over which the rate is measured, repeatedly
 * @param bytes minimum bytes of content in each window, without chunk framing
 */
public record BodyRate(Duration window, int bytes) {

    /** 7,200 bytes in 30 s, which is 240 bytes a second: a fifth of what the slowest mobile networks carry. */
    public static final BodyRate DEFAULT = new BodyRate(Duration.ofSeconds(30), 7200);
}
