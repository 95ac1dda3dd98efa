// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.GatheringOutput;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its handshake. It owns the bytes that were read and not delivered yet, so that they are released
 * exactly once: those that were read after the handshake, wherever the hand-over fails, and those of a client that sends faster
 * than it may. Confined to the event loop.
 */
public final class Handover {

    private final Channel channel;
    private @Nullable ByteBuf unread;
    /** Of what is held back; null if nothing ever was. */
    private @Nullable Budget budget;

    /** @param holder is evicted when others need the memory */
    private record Budget(Account account, Evictable holder) {
        void hold(long bytes) {
            if (!account.hold(bytes)) {
                // Evictions of others did not free enough in time.
                holder.evict();
            }
        }
    }

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
            if (budget != null) {
                budget.hold(bytes.readableBytes());
            }
        } else {
            bytes.release();
        }
    }

    /**
     * Holds back a part of what was delivered, within the memory budget: it is delivered again.
     *
     * @param holder is evicted when others need the memory
     */
    void holdBack(ByteBuf from, int start, int end, Evictable holder) {
        if (budget == null) {
            Account account = GatheringOutput.openAccount(channel, holder);
            budget = account == null ? null : new Budget(account, holder);
        }
        int length = end - start;
        hold(channel.alloc().directBuffer(length).writeBytes(from, start, length));
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
        if (budget != null) {
            budget.hold(0);
        }
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
