// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the lines of a streaming response, in order, on a worker thread. Nothing is read while lines are processed,
 * so that the queue is bounded.
 */
final class LineAnswer extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(LineAnswer.class);

    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private final Lines lines = new Lines(WholeAnswer.MAX_BYTES);
    private final WholeAnswer refusal = new WholeAnswer();
    private final LineListener listener;
    private final Executor worker;
    private boolean refused;
    private boolean busy;
    private boolean over;
    private boolean endReported;
    private @Nullable Throwable problem;

    /** Receives the lines, in calls that do not overlap. */
    interface LineListener {

        /** A line, without its end. */
        void line(byte[] line);

        /**
         * The response has ended.
         *
         * @param reason null if the response ended normally
         */
        void ended(@Nullable Throwable reason);
    }

    LineAnswer(LineListener listener, Executor worker) {
        this.listener = listener;
        this.worker = worker;
    }

    /** Completes when the response begins. If it is not 2xx, completes with an exception, and the listener is not called. */
    CompletableFuture<Boolean> begun() {
        return begun;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (part.decoderResult().isFailure()) {
            throw new IOException(
                    "the server did not answer with HTTP", part.decoderResult().cause());
        }
        if (part instanceof HttpResponse head) {
            refused = !HttpStatusClass.SUCCESS.contains(head.status().code());
            if (!refused) {
                begun.complete(true);
            }
        }
        if (refused) {
            refusal.channelRead0(context, part);
            refusal.body().whenComplete((body, reason) -> {
                if (reason != null) {
                    begun.completeExceptionally(reason);
                }
            });
            return;
        }
        if (part instanceof HttpContent content && !over) {
            lines.add(content.content());
        }
        if (part instanceof LastHttpContent) {
            end(context, lines.inMiddle() ? new IOException("the response ended within an event") : null);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        handOver(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context, new IOException("the connection was lost"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(context, cause);
    }

    private void end(ChannelHandlerContext context, @Nullable Throwable reason) {
        if (!over) {
            over = true;
            problem = reason;
            begun.completeExceptionally(reason == null ? new IOException("the server sent no response") : reason);
            context.close();
            handOver(context);
        }
    }

    private void handOver(ChannelHandlerContext context) {
        if (busy || endReported || begun.isCompletedExceptionally()) {
            return;
        }
        List<byte[]> taken = lines.take();
        if (taken.isEmpty() && !over) {
            return;
        }
        boolean last = over;
        busy = true;
        endReported = last;
        context.channel().config().setAutoRead(false);
        try {
            worker.execute(() -> handle(context, taken, last));
        } catch (RejectedExecutionException e) {
            LOG.debug("Ignoring a line after the end of the watch");
            endReported = true;
            context.close();
        }
    }

    private void handle(ChannelHandlerContext context, List<byte[]> taken, boolean last) {
        try {
            taken.forEach(listener::line);
            if (last) {
                listener.ended(problem);
            }
        } finally {
            handled(context);
        }
    }

    private void handled(ChannelHandlerContext context) {
        try {
            context.executor().execute(() -> {
                busy = false;
                context.channel().config().setAutoRead(true);
                handOver(context);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The client was closed");
        }
    }
}
