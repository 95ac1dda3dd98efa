// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends the output of a connection; its input stays open. */
public final class HalfClose {

    private HalfClose() {}

    /**
     * Ends the output of a channel of any transport, with close_notify if it has TLS. Nothing may be queued. Netty's own
     * {@code shutdownOutput} would create an exception with a stack trace for unsent messages.
     */
    public static void endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutDownOutput(channel);
        } else {
            Containment.whenDone(tls.closeOutbound(), channel, sent -> shutDownOutput(channel));
        }
    }

    private static void shutDownOutput(Channel channel) {
        if (channel instanceof TcpChannel tcp) {
            tcp.endOutput();
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }
}
