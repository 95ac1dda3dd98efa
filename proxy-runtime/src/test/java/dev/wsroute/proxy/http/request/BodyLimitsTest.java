// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies larger than the memory of any machine. */
class BodyLimitsTest extends ProxyTest {

    private static final long UPLOAD = 1L << 30;
    private static final long MEMORY = 64L << 20;

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
        client = open(proxy.connect());
    }

    @Test
    void anUploadOfAGibibyteNeedsNoMemory() throws Exception {
        ByteBufAllocatorMetric buffers = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        long before = buffers.usedDirectMemory();
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
        CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> send(UPLOAD));
        RawPeer backend = open(server.accept());
        backend.readHead();
        byte[] into = new byte[256 * 1024];
        long most = 0;
        long received = 0;
        while (received < UPLOAD) {
            received += backend.readSome(into);
            most = Math.max(most, buffers.usedDirectMemory() - before);
        }
        upload.join();
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(received).isEqualTo(UPLOAD);
        assertThat(most).isLessThan(MEMORY);
    }

    @Test
    void aClientThatReadsOnlyWhenItHasSentAllGetsTheWholeRejection() throws Exception {
        client.send("PUT / HTTP/1.1\r\nHost: nowhere.example\r\nContent-Length: " + (32L << 20) + "\r\n\r\n");
        send(32L << 20);

        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ").containsIgnoringCase("connection: close");
        assertThat(client.readToEnd()).isEqualTo("No route for this host and path.\n");
    }

    private void send(long size) {
        byte[] piece = new byte[256 * 1024];
        try {
            for (long sent = 0; sent < size; sent += piece.length) {
                client.send(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
