// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;

/** Cost of parsing a backend's 101 with a new decoder, and of validating it. */
public class UpgradeResponseBenchmark extends Microbenchmark {

    private static final MemoryBudget HEADS = new MemoryBudget("unfinished heads", 1 << 20);

    private static final RequestHead REQUEST = new RequestHead(
            HttpMethod.GET,
            "/chat",
            "/chat",
            "chat.example.com",
            "chat.example.com",
            new DefaultHttpHeaders()
                    .set("Sec-WebSocket-Key", TestProxy.KEY)
                    .set("Sec-WebSocket-Protocol", "chat.v2, chat.v1")
                    .set("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
            true,
            true,
            false,
            ClientInfo.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000)),
            "4f1c",
            true,
            Grant.NONE);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteBuf bytes = Unpooled.unreleasableBuffer(Unpooled.directBuffer()
            .writeBytes(TestProxy.switching(
                            "Sec-WebSocket-Protocol: chat.v2",
                            "Sec-WebSocket-Extensions: permessage-deflate",
                            "Date: Tue, 06 Oct 2026 08:00:00 GMT")
                    .getBytes(ISO_8859_1)));

    @Benchmark
    public Object switchingProtocols() {
        BackendResponseDecoder decoder = new BackendResponseDecoder(false, HEADS);
        channel.pipeline().addLast(decoder);
        channel.writeInbound(bytes.readerIndex(0));
        HttpResponse response = Objects.requireNonNull(channel.readInbound());
        channel.pipeline().remove(decoder);
        channel.inboundMessages().clear();
        String fault = UpgradeResponseCheck.fault(REQUEST, response);
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return response;
    }
}
