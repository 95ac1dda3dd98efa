// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import java.io.IOException;

/** Wraps one of Netty's sockets and contains everything that it throws. */
abstract class Guarded implements IoHandle {

    private final IoHandle socket;
    private final Failures failures;

    Guarded(IoHandle socket, Failures failures) {
        this.socket = socket;
        this.failures = failures;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        try {
            socket.handle(registration, event);
        } catch (Throwable e) {
            failures.add(FailurePoint.IO, e);
            reset();
        }
    }

    private void reset() {
        try {
            if (prepareReset()) {
                close();
            }
        } catch (Throwable e) {
            failures.add(FailurePoint.IO, e);
        }
    }

    /** Returns false if it must stay open because it is not a connection. */
    abstract boolean prepareReset() throws IOException;

    @Override
    public void registered() {
        socket.registered();
    }

    @Override
    public void unregistered() {
        socket.unregistered();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (Exception e) {
            failures.add(FailurePoint.IO, e);
        }
    }
}
