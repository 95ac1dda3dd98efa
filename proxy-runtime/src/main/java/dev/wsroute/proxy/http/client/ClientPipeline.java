// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.request.RequestDecoder;
import dev.wsroute.proxy.tls.TlsEvents;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.function.Consumer;

/** The handlers of a client's connection for as long as it speaks HTTP. */
record ClientPipeline(Channel channel, RequestDecoder decoder, ResponseEncoder encoder, ClientHandler handler) {

    void install() {
        // Netty would look names up that nobody needs.
        channel.pipeline()
                .addLast("requests", decoder)
                .addLast("responses", encoder)
                .addLast("client", handler);
    }

    /** Ends the connection once everything is written; input is dropped. */
    void linger(Duration timeout) {
        LingeringClose.replace(handler, channel, timeout);
        // The new handler receives and drops its bytes.
        channel.pipeline().remove(decoder);
    }

    /** @param unread receives the bytes that the client sent after its request, and releases them */
    void remove(Consumer<ByteBuf> unread) {
        unread.accept(decoder.takeUnread());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(handler);
        pipeline.remove(encoder);
        pipeline.remove(decoder);
        TlsEvents.leave(channel);
    }
}
