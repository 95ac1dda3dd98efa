// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;

/** An event loop whose I/O handlers contain everything thrown for one socket. */
final class ContainedLoop extends SingleThreadIoEventLoop {

    private final Failures failures;
    private final DeadlineQueues deadlines = new DeadlineQueues(this);

    ContainedLoop(IoEventLoopGroup group, Executor thread, ContainedIo io) {
        super(group, thread, io);
        this.failures = io.failures();
    }

    Failures failures() {
        return failures;
    }

    DeadlineQueues deadlines() {
        return deadlines;
    }
}
