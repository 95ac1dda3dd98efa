// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Collects a response. */
final class WholeAnswer extends SimpleChannelInboundHandler<HttpObject> {

    /** In bytes. Much more than the list of one Service needs. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private int status;

    /** Completes with the body, or with an {@link IOException}: an {@link ApiException} if the status is not 2xx. */
    CompletableFuture<byte[]> body() {
        return body;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (part.decoderResult().isFailure()) {
            throw new IOException(
                    "the server did not answer with HTTP", part.decoderResult().cause());
        }
        if (part instanceof HttpResponse head) {
            status = head.status().code();
        }
        if (part instanceof HttpContent content) {
            int more = content.content().readableBytes();
            if (more > MAX_BYTES - gathered.size()) {
                throw new IOException("the response is longer than " + MAX_BYTES + " bytes");
            }
            content.content().readBytes(gathered, more);
        }
        if (part instanceof LastHttpContent) {
            if (HttpStatusClass.SUCCESS.contains(status)) {
                body.complete(gathered.toByteArray());
            } else {
                body.completeExceptionally(ApiJson.failure(status, gathered.toByteArray()));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        body.completeExceptionally(new IOException("the server closed the connection before the end of the response"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        body.completeExceptionally(cause);
        context.close();
    }
}
