// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.handshake.UpgradeRequestCheck;
import dev.wsroute.proxy.http.exchange.BackendRequestEncoder;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Cost of reading a browser's opening handshake, from bytes to a validated head, with a decoder in its own pipeline as in
 * each connection.
 */
public class RequestHeadBenchmark extends Microbenchmark {

    private static final ClientInfo CLIENT =
            ClientInfo.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000));

    private static final String CHROMIUM = "GET /chat/rooms/42?token=9f86d081884c7d65 HTTP/1.1\r\n"
            + "Host: chat.example.com\r\n"
            + "Connection: Upgrade\r\n"
            + "Pragma: no-cache\r\n"
            + "Cache-Control: no-cache\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
            + "Upgrade: websocket\r\n"
            + "Origin: https://chat.example.com\r\n"
            + "Sec-WebSocket-Version: 13\r\n"
            + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
            + "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
            + "Cookie: session=4d967a30111bf29f0eba01c448b375c1629b2fed01cdfcc3; theme=dark\r\n"
            + "Sec-WebSocket-Key: " + TestProxy.KEY + "\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            + "\r\n";

    private static final MemoryBudget HEADS = new MemoryBudget("unfinished heads", 1 << 20);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteBuf bytes =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(CHROMIUM.getBytes(ISO_8859_1)));

    private final RequestHead read = read();

    @Benchmark
    public Object upgradeRequest() {
        return read();
    }

    /** Encodes the request to the backend. */
    @Benchmark
    public int towardsBackend() {
        HttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, read.method(), read.target(), HeaderRules.towardsBackend(read, 8080));
        ByteBuf head = BackendRequestEncoder.head(ByteBufAllocator.DEFAULT, request);
        int length = head.readableBytes();
        head.release();
        return length;
    }

    private RequestHead read() {
        RequestDecoder decoder = new RequestDecoder(RequestLimits.DEFAULT::head, HEADS, () -> {});
        channel.pipeline().addLast(decoder);
        channel.writeInbound(bytes.readerIndex(0));
        HttpRequest request = Objects.requireNonNull(channel.readInbound());
        channel.pipeline().remove(decoder);
        channel.inboundMessages().clear();
        try {
            RequestHead head = RequestCheck.check(request, CLIENT);
            UpgradeRequestCheck.check(head);
            if (!head.upgradesToWebSocket()) {
                throw new IllegalStateException("It was not understood: " + request);
            }
            return head;
        } catch (RequestRejectedException e) {
            throw new IllegalStateException(e);
        }
    }
}
