// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class UndecryptedBytesTest {

    static {
        // Loads the native library that sockets need.
        Epoll.ensureAvailability();
    }

    private final TcpChannel channel = new TcpChannel();
    private final UndecryptedBytes undecrypted =
            new UndecryptedBytes(channel.writer(), ByteBufAllocator.DEFAULT, () -> {});

    @AfterEach
    void release() throws Exception {
        undecrypted.release();
        channel.socket().close();
    }

    @Test
    void aRecordThatBeganInAFullBufferOfTheChannelContinues() {
        ByteBuf full = ByteBufAllocator.DEFAULT.directBuffer(4, 4).writeBytes("begi".getBytes(US_ASCII));
        undecrypted.take(full);

        undecrypted.keep(Unpooled.copiedBuffer("beginning", US_ASCII), 0, 9);

        assertThat(undecrypted.length()).isEqualTo(9);
        ByteBuf copy = Unpooled.buffer(9).writeZero(9);
        undecrypted.copyTo(copy, 9);
        assertThat(copy.toString(US_ASCII)).isEqualTo("beginning");
    }

    @Test
    void aRecordContinuesInTheSameBufferIfItHasRoom() {
        ByteBuf roomy = ByteBufAllocator.DEFAULT.directBuffer(16, 16).writeBytes("begi".getBytes(US_ASCII));
        undecrypted.take(roomy);

        undecrypted.keep(Unpooled.copiedBuffer("beginning", US_ASCII), 0, 9);

        assertThat(roomy.toString(US_ASCII)).isEqualTo("beginning");
    }
}
