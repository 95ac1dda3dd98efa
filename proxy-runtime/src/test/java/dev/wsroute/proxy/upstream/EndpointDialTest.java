// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointDialTest {

    private static final InetSocketAddress FOUR = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress SIX = new InetSocketAddress("fd00::1", 80);

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> recorded = new ArrayList<>();

    /** A connection attempt whose result the test decides. */
    private record Attempt(InetSocketAddress address, EmbeddedChannel channel, ChannelPromise promise) {

        void succeeds() {
            promise.setSuccess();
        }

        void fails(Throwable cause) {
            promise.setFailure(cause);
        }

        void isSilentFor(long millis) {
            channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void theOtherAddressIsLeftAloneWhenTheFirstAnswersInTime() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(249);
        attempts.get(0).succeeds();
        attempts.get(0).isSilentFor(10_000);

        assertThat(tried()).containsExactly(FOUR);
        assertThat(recorded).containsExactly("connected 0");
        assertThat(attempts.get(0).channel().isOpen()).isTrue();
    }

    @Test
    void aRefusalIsFollowedByTheOtherAddressAtOnce() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).fails(new ConnectException("refused"));
        attempts.get(1).succeeds();

        assertThat(tried()).containsExactly(FOUR, SIX);
        assertThat(recorded).containsExactly("connected 1");
    }

    @Test
    void silenceIsFollowedByTheOtherAddressAndTheFirstToConnectIsKept() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(250);
        attempts.get(1).succeeds();

        assertThat(recorded).containsExactly("connected 1");
        assertThat(attempts.get(0).channel().isOpen()).isFalse();
        assertThat(attempts.get(1).channel().isOpen()).isTrue();
    }

    @Test
    void theFirstAddressMayWinAfterAll() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(250);
        attempts.get(0).succeeds();
        attempts.get(1).succeeds();

        assertThat(recorded).containsExactly("connected 0");
        assertThat(attempts.get(0).channel().isOpen()).isTrue();
        assertThat(attempts.get(1).channel().isOpen()).isFalse();
    }

    @Test
    void aRefusalOfTheOtherAddressLeavesTheFirstItsTime() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(250);
        attempts.get(1).fails(new ConnectException("refused"));
        assertThat(recorded).isEmpty();

        attempts.get(0).succeeds();

        assertThat(recorded).containsExactly("connected 0");
    }

    @Test
    void theFirstOnesTimeoutEndsBoth() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(250);
        attempts.get(0).fails(new ConnectTimeoutException("slow"));

        assertThat(recorded).containsExactly("refused slow");
        assertThat(attempts.get(1).channel().isOpen()).isFalse();
    }

    @Test
    void aShortTimeoutLeavesTimeForBoth() {
        start(SIX, Duration.ofMillis(100));
        attempts.get(0).isSilentFor(50);

        assertThat(tried()).containsExactly(FOUR, SIX);
    }

    @Test
    void ifBothFailTheFirstFailureIsReported() {
        start(SIX, Duration.ofSeconds(5));
        attempts.get(0).fails(new ConnectException("refused"));
        attempts.get(1).fails(new SocketException("no such family here"));

        assertThat(recorded).containsExactly("refused refused");
    }

    @Test
    void withOneAddressItsFailureIsReported() {
        start(null, Duration.ofSeconds(5));
        attempts.get(0).fails(new ConnectException("refused"));

        assertThat(tried()).containsExactly(FOUR);
        assertThat(recorded).containsExactly("refused refused");
    }

    @Test
    void withoutDescriptorsNoOtherAddressIsTried() {
        EndpointDial dial = new EndpointDial(
                (loop, address) -> {
                    attempts.add(new Attempt(address, new EmbeddedChannel(), new EmbeddedChannel().newPromise()));
                    throw new ChannelException(new SocketException("Too many open files"));
                },
                new EmbeddedChannel().eventLoop(),
                endpoint(SIX),
                Duration.ofSeconds(5),
                new Recorder());
        dial.start();

        assertThat(tried()).containsExactly(FOUR);
        assertThat(recorded).singleElement().asString().contains("Too many open files");
    }

    @Test
    void aCancelledDialReportsNothingAndLeavesNothingOpen() {
        EndpointDial dial = start(SIX, Duration.ofSeconds(5));
        attempts.get(0).isSilentFor(250);

        dial.cancel();
        attempts.get(0).isSilentFor(10_000);

        assertThat(recorded).isEmpty();
        assertThat(attempts).hasSize(2).noneMatch(attempt -> attempt.channel().isOpen());
    }

    @Test
    void aConnectionEstablishedTooLateIsClosed() {
        EndpointDial dial = start(SIX, Duration.ofSeconds(5));
        dial.cancel();
        attempts.get(0).promise().trySuccess();

        assertThat(recorded).isEmpty();
        assertThat(attempts).hasSize(1);
        assertThat(attempts.get(0).channel().isOpen()).isFalse();
    }

    private EndpointDial start(@Nullable InetSocketAddress other, Duration timeout) {
        EndpointDial dial = new EndpointDial(
                (loop, address) -> {
                    EmbeddedChannel channel = new EmbeddedChannel();
                    Attempt attempt = new Attempt(address, channel, channel.newPromise());
                    channel.freezeTime();
                    attempts.add(attempt);
                    return attempt.promise();
                },
                new EmbeddedChannel().eventLoop(),
                endpoint(other),
                timeout,
                new Recorder());
        dial.start();
        return dial;
    }

    private static Endpoint endpoint(@Nullable InetSocketAddress other) {
        return new Endpoint(new EndpointKey("pod", 80), FOUR, other, "pod", true, true, false);
    }

    private List<InetSocketAddress> tried() {
        return attempts.stream().map(Attempt::address).toList();
    }

    private final class Recorder implements EndpointDial.DialListener {

        @Override
        public void connected(Channel backend) {
            recorded.add("connected "
                    + attempts.stream().map(Attempt::channel).toList().indexOf(backend));
        }

        @Override
        public void refused(Throwable cause) {
            recorded.add("refused " + cause.getMessage());
        }

        @Override
        public void failed(Throwable cause) {
            recorded.add("failed " + cause);
        }
    }
}
