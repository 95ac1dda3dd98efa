package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A connection whose handshake is over.
 *
 * @param channel with an empty pipeline
 * @param unread bytes read past the handshake, to be read first; released by the new owner
 */
public record Handover(Channel channel, ByteBuf unread) {}
