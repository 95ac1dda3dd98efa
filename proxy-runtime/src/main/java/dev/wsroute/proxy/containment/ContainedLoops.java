// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/** Event loops that survive anything thrown for one of their connections. */
public final class ContainedLoops extends MultiThreadIoEventLoopGroup {

    private final Failures failures;

    /** @param failures counts contained errors */
    public ContainedLoops(int threads, IoHandlerFactory io, Failures failures) {
        super(threads, new DefaultThreadFactory("loop", true), new ContainedIo(io, failures));
        this.failures = failures;
    }

    @Override
    protected IoEventLoop newChild(Executor thread, IoHandlerFactory io, Object... none) {
        return new ContainedLoop(this, thread, (ContainedIo) io);
    }

    /** The counters of contained errors. */
    public Failures failures() {
        return failures;
    }

    /** Runs {@code ended} when one of the loops has ended, for whatever reason. */
    public void whenAnyEnds(Runnable ended) {
        forEach(loop -> loop.terminationFuture().addListener(done -> ended.run()));
    }
}
