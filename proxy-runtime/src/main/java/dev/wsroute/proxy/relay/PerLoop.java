// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Objects that the tunnels of an event loop share. Loops live as long as the proxy. */
public final class PerLoop {

    private final Map<EventLoop, LoopWheel> wheels = new ConcurrentHashMap<>();
    private final Map<EventLoop, LoopBuffer> buffers = new ConcurrentHashMap<>();
    private final Map<EventLoop, KeepaliveRounds> keepalives = new ConcurrentHashMap<>();
    private final Duration keepaliveRound;

    /** @param keepaliveRound how often the peers of a silent tunnel are probed */
    public PerLoop(Duration keepaliveRound) {
        this.keepaliveRound = keepaliveRound;
    }

    LoopWheel wheel(EventLoop loop) {
        return wheels.computeIfAbsent(loop, LoopWheel::new);
    }

    KeepaliveRounds keepalives(EventLoop loop) {
        return keepalives.computeIfAbsent(loop, made -> new KeepaliveRounds(made, keepaliveRound));
    }

    LoopBuffer buffer(EventLoop loop) {
        return buffers.computeIfAbsent(loop, made -> new LoopBuffer());
    }
}
