// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The content of a PROXY protocol header.
 *
 * @param source the client; null if the header describes no TCP connection of a client (a health check, a Unix socket,
 *     UDP)
 * @param secure whether the client used TLS to the proxy in front
 */
public record ProxyHeader(@Nullable InetSocketAddress source, boolean secure) {}
