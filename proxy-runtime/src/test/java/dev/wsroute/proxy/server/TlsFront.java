// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

/** Makes every connection of a listener begin with TLS. */
public final class TlsFront {

    private TlsFront() {}

    /** @param engines receives the engine of each connection */
    public static void install(ListeningSocket listener, SslContext context, Consumer<SSLEngine> engines) {
        listener.channel().pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                Channel channel = (Channel) accepted;
                SSLEngine engine = context.newEngine(channel.alloc());
                engines.accept(engine);
                channel.pipeline().addFirst(new SslHandler(engine));
                ctx.fireChannelRead(accepted);
            }
        });
    }
}
