package dev.wsroute.proxy.relay;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the tunnels of an event loop share. Loops live as long as the proxy. */
public final class PerLoop {

    private final Map<EventLoop, LoopWheel> wheels = new ConcurrentHashMap<>();
    private final Map<EventLoop, LoopBuffer> buffers = new ConcurrentHashMap<>();

    LoopWheel wheel(EventLoop loop) {
        return wheels.computeIfAbsent(loop, LoopWheel::new);
    }

    LoopBuffer buffer(EventLoop loop) {
        return buffers.computeIfAbsent(loop, made -> new LoopBuffer());
    }
}
