package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The wheel of each event loop. Loops live as long as the proxy. */
public final class LoopWheels {

    private final Map<EventLoop, LoopWheel> wheels = new ConcurrentHashMap<>();

    LoopWheel of(EventLoop loop) {
        return wheels.computeIfAbsent(loop, LoopWheel::new);
    }
}
