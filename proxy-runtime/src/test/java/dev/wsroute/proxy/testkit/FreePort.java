// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that must know their port before they bind it. The ports are below Linux' range for outgoing
 * connections ({@code net.ipv4.ip_local_port_range}), and each test process has its own part of them. So nothing else binds
 * a port between the check that it is free and the server's bind.
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
                // In use; try the next one.
            }
        }
        throw new AssertionError("something listens on each port from " + START + " to " + (START + SLICE - 1));
    }
}
