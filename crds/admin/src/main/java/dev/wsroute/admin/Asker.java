package dev.wsroute.admin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client that requests a page.
 *
 * @param address the other end of the connection
 * @param authorization the header of that name; null without one
 * @param relayed whether a proxy passed the request on, as {@code Forwarded}, {@code X-Forwarded-For} or {@code Via}
 *     tell
 */
public record Asker(InetAddress address, @Nullable String authorization, boolean relayed) {}
