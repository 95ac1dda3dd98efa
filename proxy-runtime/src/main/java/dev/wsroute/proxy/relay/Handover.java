// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its handshake.
 *
 * @param channel with an empty pipeline, except for an {@link SslHandler} where the wire does not take the socket
 * @param unread bytes read after the handshake; the new owner reads them first and releases them
 * @param tls of the socket; null if it is plain or if the channel keeps it
 */
public record Handover(
        Channel channel, ByteBuf unread, @Nullable TlsHandover tls) {

    /**
     * Takes the connection from its channel.
     *
     * @param unread plaintext; released by the new owner
     */
    public static Handover of(Channel channel, ByteBuf unread) {
        SslHandler handler = channel instanceof TcpChannel ? channel.pipeline().get(SslHandler.class) : null;
        return new Handover(channel, unread, handler == null ? null : TlsHandover.of((TcpChannel) channel, handler));
    }
}
