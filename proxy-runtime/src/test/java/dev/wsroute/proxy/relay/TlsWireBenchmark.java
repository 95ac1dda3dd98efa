// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.relay.TlsEcho.Driver;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Echoes a message of 64 bytes or 64 KiB over TLS on a socket. Either the wire or Netty's handler drives the server's
 * engine. Both engines create an object of 32 or 40 bytes for each record that they encrypt or decrypt.
 */
public class TlsWireBenchmark extends Microbenchmark {

    private final ByteBuffer small = ByteBuffer.allocateDirect(64);
    private final ByteBuffer large = ByteBuffer.allocateDirect(64 * 1024);

    /** A connection. */
    @State(Scope.Thread)
    public abstract static class Connection {

        private TlsEcho server;
        private TlsEcho.Client client;

        void connect(Driver driver) throws IOException {
            server = new TlsEcho(driver);
            client = server.connect();
        }

        @TearDown
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** Driven by the wire. */
    public static class Wired extends Connection {
        @Setup
        public void connect() throws IOException {
            connect(Driver.WIRE);
        }
    }

    /** Driven by Netty's handler. */
    public static class Handled extends Connection {
        @Setup
        public void connect() throws IOException {
            connect(Driver.SSL_HANDLER);
        }
    }

    @Benchmark
    public ByteBuffer smallOnWire(Wired tls) throws IOException {
        return echo(tls, small);
    }

    @Benchmark
    public ByteBuffer smallOnHandler(Handled tls) throws IOException {
        return echo(tls, small);
    }

    @Benchmark
    public ByteBuffer largeOnWire(Wired tls) throws IOException {
        return echo(tls, large);
    }

    @Benchmark
    public ByteBuffer largeOnHandler(Handled tls) throws IOException {
        return echo(tls, large);
    }

    private static ByteBuffer echo(Connection tls, ByteBuffer message) throws IOException {
        return tls.client.echo(message);
    }
}
