package dev.wsroute.proxy.origin;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY protocol header says.
 *
 * @param source the client; null when it speaks of no connection of a client's: a health check of the proxy in front, a
 *     Unix socket, a protocol other than TCP
 * @param secure the client spoke TLS to the proxy in front
 */
public record ProxyHeader(@Nullable InetSocketAddress source, boolean secure) {}
