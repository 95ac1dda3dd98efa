package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPipeline;

/** A pipeline that resets its connection for an exception that no handler dealt with. Netty's would only log it. */
public final class ContainedPipeline extends DefaultChannelPipeline {

    public ContainedPipeline(Channel channel) {
        super(channel);
    }

    @Override
    protected void onUnhandledInboundException(Throwable cause) {
        Containment.failed(channel(), Place.HANDLER, cause);
    }
}
