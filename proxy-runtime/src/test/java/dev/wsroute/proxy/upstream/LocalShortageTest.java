// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalShortageTest {

    @ParameterizedTest
    @ValueSource(ints = {12, 23, 24, 105})
    void aSocketThatCannotBeOpenedIsAShortageOfDescriptors(int error) {
        assumeTrue(Epoll.isAvailable());

        Throwable failure = new ChannelException(Errors.newIOException("newSocketStream", -error));

        assertThat(LocalShortage.ofDescriptors(failure)).isTrue();
        assertThat(LocalShortage.ofPorts(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 98, 99})
    void aConnectionWithoutALocalPortIsAShortageOfPorts(int error) {
        Throwable failure = connectFailure(error);

        assertThat(LocalShortage.ofPorts(failure)).isTrue();
        assertThat(LocalShortage.ofDescriptors(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 105})
    void aConnectionWithoutMemoryIsAShortageOfDescriptors(int error) {
        assertThat(LocalShortage.ofDescriptors(connectFailure(error))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {104, 110, 111, 113})
    void whatTheNetworkAnswersIsNoShortage(int error) {
        Throwable failure = connectFailure(error);

        assertThat(LocalShortage.ofDescriptors(failure)).isFalse();
        assertThat(LocalShortage.ofPorts(failure)).isFalse();
    }

    @Test
    void onNioOnlyASocketThatCannotBeOpenedIsAShortage() {
        assertThat(LocalShortage.ofDescriptors(new ChannelException(new SocketException("Too many open files"))))
                .isTrue();
        assertThat(LocalShortage.ofDescriptors(new ChannelException(new UnsupportedOperationException("IPv6"))))
                .isFalse();
        assertThat(LocalShortage.ofDescriptors(new ConnectException("Connection refused")))
                .isFalse();
        assertThat(LocalShortage.ofDescriptors(new NoRouteToHostException())).isFalse();
        assertThat(LocalShortage.ofDescriptors(null)).isFalse();
    }

    /** Netty's own exception, so that this test fails if a new version reports the error differently. */
    private static Throwable connectFailure(int error) {
        assumeTrue(Epoll.isAvailable());
        return catchThrowable(() -> Errors.handleConnectErrno("connect", -error));
    }
}
