// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Options of a channel and its socket. Makes a system call only for an option that is read or set. */
final class SocketConfig extends DefaultChannelConfig {

    /** Shared, since each channel gets a handle of its own from it. */
    private static final RecvByteBufAllocator RECEIVED = new AdaptiveRecvByteBufAllocator();

    private final Socket socket;
    private final @Nullable Runnable autoReadCleared;
    private int backlog = 128;
    private boolean halfClosure;

    /** @param autoReadCleared runs when auto-read is switched off; null for none */
    SocketConfig(Channel channel, Socket socket, @Nullable Runnable autoReadCleared) {
        super(channel, RECEIVED);
        this.socket = socket;
        this.autoReadCleared = autoReadCleared;
    }

    /** How many connections may wait until a listener accepts them (listen(2)). */
    int backlog() {
        return backlog;
    }

    /** Whether the connection stays open when the peer has ended its output. */
    boolean allowsHalfClosure() {
        return halfClosure;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        try {
            if (option instanceof IntegerUnixChannelOption ofSocket) {
                return (T) (Integer) socket.getIntOpt(ofSocket.level(), ofSocket.optname());
            }
            if (option.equals(ChannelOption.SO_LINGER)) {
                return (T) (Integer) socket.getSoLinger();
            }
            if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
                return (T) (Boolean) halfClosure;
            }
            return super.getOption(option);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        try {
            if (option instanceof IntegerUnixChannelOption ofSocket) {
                socket.setIntOpt(ofSocket.level(), ofSocket.optname(), (Integer) value);
            } else if (option.equals(ChannelOption.SO_LINGER)) {
                socket.setSoLinger((Integer) value);
            } else if (option.equals(ChannelOption.TCP_NODELAY)) {
                socket.setTcpNoDelay((Boolean) value);
            } else if (option.equals(ChannelOption.SO_KEEPALIVE)) {
                socket.setKeepAlive((Boolean) value);
            } else if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
                halfClosure = (Boolean) value;
            } else if (option.equals(ChannelOption.SO_REUSEADDR)) {
                socket.setReuseAddress((Boolean) value);
            } else if (option.equals(ChannelOption.SO_BACKLOG)) {
                backlog = (Integer) value;
            } else {
                return super.setOption(option, value);
            }
            return true;
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    protected void autoReadCleared() {
        if (autoReadCleared != null) {
            autoReadCleared.run();
        }
    }
}
