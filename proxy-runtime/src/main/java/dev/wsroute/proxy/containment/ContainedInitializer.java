// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import java.util.function.Consumer;

/** Sets up an accepted connection. Resets it on failure. */
@ChannelHandler.Sharable
public final class ContainedInitializer extends ChannelInitializer<Channel> {

    private final Consumer<Channel> setUp;

    public ContainedInitializer(Consumer<Channel> setUp) {
        this.setUp = setUp;
    }

    @Override
    protected void initChannel(Channel connection) {
        setUp.accept(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Containment.failed(ctx.channel(), FailurePoint.ACCEPT, cause);
    }
}
