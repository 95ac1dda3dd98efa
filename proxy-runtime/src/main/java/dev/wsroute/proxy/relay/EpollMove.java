package dev.wsroute.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;

/**
 * Takes a tunnel's sockets from their channels, which are made for any protocol, to wires that read and write them at
 * the least cost. Only where epoll drives them. It takes four system calls.
 */
final class EpollMove {

    private final LoopBuffer buffer;
    private final int maxBufferedBytes;

    EpollMove(LoopBuffer buffer, int maxBufferedBytes) {
        this.buffer = buffer;
        this.maxBufferedBytes = maxBufferedBytes;
    }

    static boolean isPossible(Channel channel) {
        return channel instanceof EpollSocketChannel;
    }

    /**
     * Begins, unless something is under way on that wire. It goes on in tasks of the event loop; what is passed meanwhile
     * is kept in order.
     */
    void start(Side side, ChannelWire wire, Channel channel) {
        wire.leave().addListener(left -> {
            if (channel.isOpen()) {
                moved(side, wire, channel);
            }
        });
    }

    private void moved(Side side, ChannelWire from, Channel channel) {
        Socket socket = (Socket) ((EpollSocketChannel) channel).fd();
        Backlog backlog = new Backlog(channel.alloc(), maxBufferedBytes, from.takeQueued());
        EpollWire to = new EpollWire(side, channel, socket, buffer, backlog, from.isReading());
        Future<IoRegistration> registered = ((IoEventLoop) channel.eventLoop()).register(to);
        side.replaceWire(to);
        if (from.isEnding()) {
            to.endOutput();
        }
        registered.addListener(done -> {
            if (done.isSuccess()) {
                to.begin(registered.getNow());
            } else {
                channel.close();
            }
        });
    }
}
