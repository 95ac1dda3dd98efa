// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client that requests a page.
 *
 * @param address of the peer
 * @param authorization value of the {@code Authorization} header; null if there is none
 * @param relayed whether a proxy forwarded the request, by {@code Forwarded}, {@code X-Forwarded-For} or {@code Via}
 */
public record Requester(InetAddress address, @Nullable String authorization, boolean relayed) {}
