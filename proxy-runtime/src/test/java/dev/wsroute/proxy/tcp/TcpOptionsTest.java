// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {

    private static final IntegerUnixChannelOption UNKNOWN = new IntegerUnixChannelOption("UNKNOWN", 6, 9999);

    @Test
    void anUnsupportedPreferenceIsIgnored() {
        assumeTrue(Epoll.isAvailable());
        Channel channel = new TcpChannel();
        try {
            assertThatThrownBy(() -> channel.config().setOption(UNKNOWN, 1)).isInstanceOf(ChannelException.class);
            TcpOptions.prefer(channel.config(), UNKNOWN, 1);

            assertThat(channel.isOpen()).isTrue();
            TcpOptions.prefer(channel.config(), TcpOptions.QUICKACK, 0);
            assertThat(channel.config().getOption(TcpOptions.QUICKACK)).isZero();
        } finally {
            channel.unsafe().closeForcibly();
        }
    }
}
