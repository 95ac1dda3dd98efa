// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoopGroup;
import java.util.function.Consumer;

/**
 * Registers accepted connections with an event loop and sets them up there, before they become active. Netty's
 * {@code ServerBootstrap} would add a handler to each of them, to be removed at once.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {

    private final EventLoopGroup loops;
    private final Consumer<Channel> setUp;

    /** @param setUp called on the connection's event loop; the connection is reset if it throws */
    Acceptor(EventLoopGroup loops, Consumer<Channel> setUp) {
        this.loops = loops;
        this.setUp = setUp;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel accepted = (Channel) message;
        ChannelPromise registered = new DefaultChannelPromise(accepted);
        // Called at once: before the events of a registered and active channel.
        Containment.whenDone(registered, accepted, done -> {
            if (done.isSuccess()) {
                Containment.run(accepted, FailurePoint.ACCEPT, () -> setUp.accept(accepted));
            } else {
                accepted.unsafe().closeForcibly();
            }
        });
        try {
            loops.register(registered);
        } catch (Throwable e) {
            accepted.unsafe().closeForcibly();
            throw e;
        }
    }
}
