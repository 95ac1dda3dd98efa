package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A connection whose handshake is over.
 *
 * @param channel with an empty pipeline
 * @param unread what was read behind the handshake, and is read first; released by whoever takes the connection
 */
public record Handover(Channel channel, ByteBuf unread) {}
