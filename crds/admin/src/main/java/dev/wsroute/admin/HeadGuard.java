// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Counts the bytes and lines of a request head before they are decoded: the decoder creates an object for each line before it
 * checks sizes. Bytes after the first head are discarded, since a connection carries one request.
 */
final class HeadGuard extends ChannelInboundHandlerAdapter {

    /** Event: the head exceeds the limits. */
    static final Object TOO_LARGE = new Object();

    private final AdminLimits limits;
    private int bytes;
    private int lines;
    /** Length of the current line in bytes, without CR. */
    private int length;

    private boolean begun;
    private boolean done;

    HeadGuard(AdminLimits limits) {
        this.limits = limits;
    }

    /** Discards all further bytes. */
    void done() {
        done = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (done || !(message instanceof ByteBuf data)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int end = data.forEachByte(this::withinHead);
        bytes += (end < 0 ? data.writerIndex() : end + 1) - data.readerIndex();
        if (bytes > limits.headBytes() || lines > limits.headLines()) {
            done = true;
            data.release();
            context.fireUserEventTriggered(TOO_LARGE);
        } else if (end < 0) {
            context.fireChannelRead(data);
        } else {
            done = true;
            context.fireChannelRead(data.writerIndex(end + 1));
        }
    }

    /** Whether the head continues after this byte. */
    private boolean withinHead(byte value) {
        if (value != '\n') {
            length += value == '\r' ? 0 : 1;
            return true;
        }
        lines++;
        boolean blank = length == 0;
        begun |= !blank;
        length = 0;
        return !(blank && begun);
    }
}
