// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.snapshot.RequestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Limits how long a client's connection may take to send its next request. Used on its event loop only. */
final class ConnectionTimer {

    private final Channel channel;
    private final Runnable tooSlow;
    private final Deadline deadline;
    /** Done once the socket has taken the last response; null unless that is being waited for. */
    private @Nullable ChannelFuture lastTaken;
    /** Bytes that waited for the client when this was last checked. */
    private long untaken;

    /** @param tooSlow called when no request has arrived in time */
    ConnectionTimer(Channel channel, Runnable tooSlow) {
        this.channel = channel;
        this.tooSlow = tooSlow;
        this.deadline = new Deadline(channel);
    }

    /** The request, or its first byte, must arrive within this time. */
    void start(Duration limit) {
        lastTaken = null;
        deadline.arm(limit, tooSlow);
    }

    /** Nothing is waited for. */
    void stop() {
        lastTaken = null;
        deadline.cancel();
    }

    /**
     * Waits for the request after a response. The wait begins when the socket has taken the whole response: until then
     * the client is not idle, however slowly it reads. A client that reads nothing at all loses its connection.
     */
    void startAfterResponse(RequestLimits limits) {
        if (waiting() == 0) {
            start(limits.keepAliveTimeout());
            return;
        }
        watchStall(limits.stallTimeout());
        ChannelFuture last = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        lastTaken = last;
        Containment.whenDone(last, channel, taken -> {
            if (last == lastTaken && channel.isOpen()) {
                start(limits.keepAliveTimeout());
            }
        });
    }

    private void watchStall(Duration limit) {
        untaken = waiting();
        deadline.arm(limit, () -> closeIfStalled(limit));
    }

    private void closeIfStalled(Duration limit) {
        if (waiting() < untaken) {
            watchStall(limit);
        } else {
            channel.close();
        }
    }

    private long waiting() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }
}
