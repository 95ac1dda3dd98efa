package dev.wsroute.proxy.http;

import java.time.Duration;

/**
 * How slowly a client may send a request's body, as long as nobody but it is waited for: not while the backend takes no
 * more, nor before it has said that the client may go on, nor once it has begun to answer.
 *
 * @param window over which it is measured, again and again
 * @param bytes of content, at least, in each window; what frames it does not count
 */
public record BodyRate(Duration window, int bytes) {

    /** 7,200 bytes in 30 s, which are 240 in a second: a fifth of what the slowest mobile networks carry. */
    public static final BodyRate DEFAULT = new BodyRate(Duration.ofSeconds(30), 7200);
}
