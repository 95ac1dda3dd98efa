// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import dev.wsroute.e2e.cluster.api.http.ApiResponse.LogSource;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Sends additions to a log until the pod or the connection ends. */
final class LogStream {

    private static final long LOOK_EVERY_MS = 250;

    private final Channel channel;
    private final LogSource log;
    private int sent;

    private LogStream(Channel channel, LogSource log) {
        this.channel = channel;
        this.log = log;
    }

    static void open(Channel channel, LogSource log, EventExecutor worker) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        var unused = channel.writeAndFlush(head);
        LogStream stream = new LogStream(channel, log);
        Future<?> looking = worker.scheduleWithFixedDelay(stream::sendNew, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> looking.cancel(false));
    }

    private void sendNew() {
        boolean ended = log.ended();
        String text = log.text();
        if (text.length() > sent && channel.isWritable()) {
            byte[] bytes = text.substring(sent).getBytes(StandardCharsets.UTF_8);
            sent = text.length();
            var unused = channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
        } else if (ended) {
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
