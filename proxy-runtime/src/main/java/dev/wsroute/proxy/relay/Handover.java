// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its handshake. It owns the bytes that were read after the handshake until they are delivered, so that
 * they are released exactly once, wherever the hand-over fails. Confined to the event loop.
 */
public final class Handover {

    private final Channel channel;
    private @Nullable ByteBuf unread;

    /** A connection without unread bytes so far. */
    public Handover(Channel channel) {
        this.channel = channel;
    }

    /**
     * Takes the bytes that were read after the handshake.
     *
     * @param bytes owned by this object from now on
     */
    public void hold(ByteBuf bytes) {
        release();
        if (bytes.isReadable()) {
            unread = bytes;
        } else {
            bytes.release();
        }
    }

    /** Its pipeline is empty, except for an {@link io.netty.handler.ssl.SslHandler} if the connection uses TLS. */
    Channel channel() {
        return channel;
    }

    /** Bytes to deliver before the channel is read; null if none are left. */
    @Nullable ByteBuf unread() {
        return unread;
    }

    /** Takes the unread bytes away. The caller releases them. Null if none are left. */
    @Nullable ByteBuf take() {
        ByteBuf bytes = unread;
        unread = null;
        return bytes;
    }

    /** Ends a connection that cannot be handed over: resets it and releases its unread bytes. */
    public void abandon(Throwable cause) {
        release();
        Containment.failed(channel, FailurePoint.HANDLER, cause);
    }

    /** Releases the unread bytes, if any are left. */
    void release() {
        ByteBuf bytes = take();
        if (bytes != null) {
            bytes.release();
        }
    }
}
