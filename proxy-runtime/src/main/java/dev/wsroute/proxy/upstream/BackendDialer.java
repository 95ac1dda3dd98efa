package dev.wsroute.proxy.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** Opens TCP connections to endpoints. */
@FunctionalInterface
public interface BackendDialer {

    /**
     * @param loop the connection's event loop
     * @param address resolved; an unresolved one fails
     * @return in the end, a connection with an empty pipeline
     */
    ChannelFuture dial(EventLoop loop, InetSocketAddress address);
}
