// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that forwards bytes between the proxy and a peer, so that a test can kill the proxy's peer. */
public final class KillablePeer implements AutoCloseable {

    private final Process process;
    private final InetSocketAddress address;

    private KillablePeer(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a process that forwards each accepted connection to {@code target}. */
    public static KillablePeer before(InetSocketAddress target) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of(KillablePeer.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                                .toString(),
                        KillablePeer.class.getName(),
                        String.valueOf(target.getPort()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String port = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        if (port == null) {
            throw new IOException("the puppet did not start");
        }
        return new KillablePeer(
                process, new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.strip())));
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return address;
    }

    /** Kills the process with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** The main method of the process. */
    public static void main(String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket accepted = server.accept();
                Socket dialed = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
                new Thread(() -> copy(accepted, dialed)).start();
                new Thread(() -> copy(dialed, accepted)).start();
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            System.err.println("a connection of the puppet's broke: " + e.getMessage());
        }
    }
}
