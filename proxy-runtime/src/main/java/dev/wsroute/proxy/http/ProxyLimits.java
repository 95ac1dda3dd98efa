package dev.wsroute.proxy.http;

import java.time.Duration;

/**
 * What protects the proxy from its clients.
 *
 * @param handshakeTimeout for a request head to arrive whole, counted from the connection or its first byte
 * @param keepAliveTimeout how long a client's connection may wait for its next request
 * @param lingerTimeout how long a client may take to end its side after the proxy has ended its own
 * @param maxRequestHeaderBytes for the request line, and again for the header block
 */
public record ProxyLimits(
        Duration handshakeTimeout, Duration keepAliveTimeout, Duration lingerTimeout, int maxRequestHeaderBytes) {

    /** 10 s, 60 s, 2 s, 32,768 bytes. */
    public static final ProxyLimits DEFAULT =
            new ProxyLimits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(2), 32768);
}
