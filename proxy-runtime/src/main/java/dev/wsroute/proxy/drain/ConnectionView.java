package dev.wsroute.proxy.drain;

/**
 * What is shown of an open connection.
 *
 * @param id the X-Request-Id of its handshake
 * @param route {@code namespace/name}
 * @param client as trusted proxies tell it
 * @param endpoint address and port
 * @param ageSeconds since the request head
 * @param bytesIn from the client, frame headers included; may be a moment old, as all counts
 * @param bytesOut from the backend
 */
public record ConnectionView(
        String id,
        String route,
        String rule,
        String backend,
        String client,
        String endpoint,
        long ageSeconds,
        long messagesIn,
        long bytesIn,
        long messagesOut,
        long bytesOut) {}
