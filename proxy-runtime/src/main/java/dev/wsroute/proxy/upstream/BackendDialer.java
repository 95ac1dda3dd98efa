// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** Opens TCP connections to endpoints. */
@FunctionalInterface
public interface BackendDialer {

    /**
     * @param loop the connection's event loop
     * @param address resolved address; an unresolved one fails
     * @throws io.netty.channel.ChannelException when no socket can be created
     * @return a future of a channel with an empty pipeline
     */
    ChannelFuture dial(EventLoop loop, InetSocketAddress address);
}
