// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A connection after its handshake.
 *
 * @param channel with an empty pipeline
 * @param unread bytes read after the handshake; the new owner reads them first and releases them
 */
public record Handover(Channel channel, ByteBuf unread) {}
