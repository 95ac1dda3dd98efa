// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that must know theirs before they bind it. They lie below the range from which Linux takes the ports
 * of outgoing connections ({@code net.ipv4.ip_local_port_range}), and each test process has a slice of its own, so that
 * nothing takes a port between the moment when it was found free and the moment when its server binds it.
 */
public final class FreePort {

    private static final int FIRST = 12_000;
    private static final int SLICE = 1_000;
    private static final int SLICES = 20;
    private static final int START = FIRST + (int) (ProcessHandle.current().pid() % SLICES) * SLICE;

    private static final AtomicInteger TRIED = new AtomicInteger();

    private FreePort() {}

    /** A port that nothing listens on, at any address of this machine. */
    public static int find() {
        for (int tries = 0; tries < SLICE; tries++) {
            int port = START + TRIED.getAndIncrement() % SLICE;
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(port));
                return port;
            } catch (IOException e) {
                // Something listens there: the next one.
            }
        }
        throw new AssertionError("something listens on each port from " + START + " to " + (START + SLICE - 1));
    }
}
