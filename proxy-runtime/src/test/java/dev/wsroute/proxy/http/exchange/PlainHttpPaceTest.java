// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies pass as fast as the receiver reads them. */
class PlainHttpPaceTest extends ProxyTest {

    private RawBackend server;
    private TestProxy proxy;
    private RawPeer client;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
        client = open(proxy.connect());
    }

    private RawPeer backend() throws Exception {
        return open(server.accept());
    }

    @Test
    void aBackendThatDoesNotReadStopsTheUpload() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 2000; i++) {
                    client.send("10000\r\n").send(piece).send("\r\n");
                    sent.addAndGet(piece.length);
                }
            } catch (IOException expectedAtTheEnd) {
                throw new UncheckedIOException(expectedAtTheEnd);
            }
        });

        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean same = sent.get() == last[0];
            last[0] = sent.get();
            return same && last[0] > 0;
        });

        // Kernel buffers and a watermark: far less than 128 MB.
        assertThat(sent.get()).isLessThan(30_000_000L);
        client.close();
        await().until(upload::isDone);
        assertThat(upload).isCompletedExceptionally();
    }

    @Test
    void aSlowReaderStopsTheResponse() throws Exception {
        RawPeer slow = open(RawPeer.connect(proxy.address(), 16 * 1024));
        slow.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = backend();
        backend.readHead();
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + 1000L * piece.length + "\r\n\r\n");
        CompletableFuture<Void> response = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    backend.send(piece);
                    sent.addAndGet(piece.length);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean same = sent.get() == last[0];
            last[0] = sent.get();
            return same && last[0] > 0;
        });
        assertThat(sent.get()).isLessThan(20_000_000L);

        slow.readHead();
        byte[] into = new byte[64 * 1024];
        for (long read = 0; read < 1000L * piece.length; ) {
            read += slow.readSome(into);
        }
        response.join();
    }
}
