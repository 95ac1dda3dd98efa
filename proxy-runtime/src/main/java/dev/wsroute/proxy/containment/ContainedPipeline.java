// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPipeline;

/** A pipeline that resets its connection on an exception that no handler caught. Netty's pipeline only logs it. */
public final class ContainedPipeline extends DefaultChannelPipeline {

    public ContainedPipeline(Channel channel) {
        super(channel);
    }

    @Override
    protected void onUnhandledInboundException(Throwable cause) {
        Containment.failed(channel(), FailurePoint.HANDLER, cause);
    }
}
