// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.clientaddress.ClientKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final ClientKey ANNA = client("192.0.2.1");
    private static final ClientKey BEN = client("192.0.2.2");
    private static final ClientKey CLARA = client("2001:db8:1::1");
    private static final ClientKey DAN = client("2001:db8:2::1");
    private static final List<ClientKey> SEVERAL = List.of(ANNA, BEN, CLARA);

    private long now = Long.MAX_VALUE - 5;
    private final Breaker breaker = new Breaker(() -> now);

    private static ClientKey client(String address) {
        InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
        return ClientKey.of(Objects.requireNonNull(parsed));
    }

    private void fail(ClientKey client, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.admit(client)).isTrue();
            breaker.failed(client);
        }
    }

    private void unreachable(ClientKey client, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.admit(client)).isTrue();
            breaker.unreachable(client);
        }
    }

    /** As few failures as open it. */
    private void open() {
        fail(ANNA, Breaker.FAILURES - 2);
        fail(BEN, 1);
        fail(CLARA, 1);
        assertThat(breaker.admit(DAN)).isFalse();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void oneClientOpensItForItselfOnly() {
        fail(ANNA, Breaker.FAILURES);

        assertThat(breaker.admit(ANNA)).isFalse();
        assertThat(breaker.admit(BEN)).isTrue();
        assertThat(breaker.isPausing()).isFalse();
    }

    @Test
    void twoClientsDoNotOpenItForOthers() {
        fail(ANNA, Breaker.FAILURES);
        fail(BEN, Breaker.FAILURES);

        assertThat(breaker.admit(CLARA)).isTrue();
    }

    @Test
    void aWholeSiteCountsAsOneClientOfOthers() {
        for (int i = 0; i < 100; i++) {
            fail(client("2001:db8:1:" + i + "::1"), 1);
        }

        assertThat(breaker.admit(ANNA)).isTrue();
        assertThat(breaker.admit(client("2001:db8:1:ffff::1"))).isTrue();
    }

    @Test
    void severalClientsOpenItForAll() {
        open();

        assertThat(breaker.isPausing()).isTrue();
        assertThat(breaker.admit(ANNA)).isFalse();
    }

    @Test
    void aServiceThatCannotBeReachedIsNoFaultOfAClient() {
        unreachable(ANNA, Breaker.FAILURES);

        assertThat(breaker.admit(BEN)).isFalse();
        pass(Breaker.FIRST_PAUSE);
        unreachable(ANNA, 1);
        pass(Breaker.FIRST_PAUSE);
        assertThat(breaker.admit(BEN)).isFalse();
    }

    @Test
    void afterThePauseFewTryAndASuccessClosesIt() {
        open();

        pass(Breaker.FIRST_PAUSE);

        SEVERAL.forEach(client -> assertThat(breaker.admit(client)).isTrue());
        assertThat(breaker.admit(DAN)).isFalse();
        breaker.succeeded(BEN);
        assertThat(breaker.admit(DAN)).isTrue();
        assertThat(breaker.admit(DAN)).isTrue();
    }

    @Test
    void oneClientCannotKeepItOpen() {
        open();
        pass(Breaker.FIRST_PAUSE);

        fail(ANNA, 1);
        assertThat(breaker.admit(ANNA)).isTrue();
        assertThat(breaker.admit(ANNA)).isFalse();

        assertThat(breaker.admit(DAN)).isTrue();
        breaker.succeeded(DAN);
        assertThat(breaker.admit(BEN)).isTrue();
    }

    @Test
    void aSingleClientTriesAgainAfterAWhile() {
        unreachable(ANNA, Breaker.FAILURES);
        pass(Breaker.FIRST_PAUSE);
        fail(ANNA, Breaker.FAILURES);
        assertThat(breaker.admit(ANNA)).isFalse();

        pass(Breaker.FIRST_PAUSE);

        assertThat(breaker.admit(ANNA)).isTrue();
    }

    @Test
    void aSuccessInBetweenBeginsAnew() {
        fail(ANNA, Breaker.FAILURES - 1);
        fail(BEN, Breaker.FAILURES - 1);
        breaker.succeeded(ANNA);
        fail(ANNA, Breaker.FAILURES - 1);
        fail(CLARA, Breaker.FAILURES - 1);

        assertThat(breaker.admit(ANNA)).isTrue();
        assertThat(breaker.admit(DAN)).isTrue();
    }

    @Test
    void eachRoundOfFailedTriesDoublesThePauseUpToALimit() {
        open();
        for (Duration pause = Breaker.FIRST_PAUSE;
                pause.compareTo(Breaker.LONGEST_PAUSE) < 0;
                pause = pause.multipliedBy(2)) {
            pass(pause.minusNanos(1));
            assertThat(breaker.admit(DAN)).isFalse();
            pass(Duration.ofNanos(1));
            unreachable(DAN, 1);
        }
        pass(Breaker.LONGEST_PAUSE);
        unreachable(DAN, 1);
        pass(Breaker.LONGEST_PAUSE);

        assertThat(breaker.admit(DAN)).isTrue();
    }

    @Test
    void whatWasAskedBeforeItOpenedDoesNotProlongThePause() {
        SEVERAL.forEach(client -> {
            for (int i = 0; i < Breaker.FAILURES; i++) {
                assertThat(breaker.admit(client)).isTrue();
            }
        });
        SEVERAL.forEach(client -> {
            for (int i = 0; i < Breaker.FAILURES; i++) {
                breaker.failed(client);
            }
        });
        assertThat(breaker.admit(DAN)).isFalse();

        pass(Breaker.FIRST_PAUSE);

        assertThat(breaker.admit(DAN)).isTrue();
    }

    @Test
    void aTryThatFoundOutNothingLetsTheNextTry() {
        open();
        pass(Breaker.FIRST_PAUSE);
        SEVERAL.forEach(client -> assertThat(breaker.admit(client)).isTrue());
        assertThat(breaker.admit(DAN)).isFalse();

        breaker.abandoned(BEN);

        assertThat(breaker.admit(DAN)).isTrue();
    }

    @Test
    void whenItClosesClientsMayAskAtOnce() {
        fail(ANNA, Breaker.FAILURES);
        fail(BEN, 1);
        fail(CLARA, 1);
        pass(Breaker.FIRST_PAUSE);
        assertThat(breaker.admit(DAN)).isTrue();

        breaker.succeeded(DAN);

        assertThat(breaker.admit(ANNA)).isTrue();
        assertThat(breaker.admit(ANNA)).isTrue();
    }

    @Test
    void ofManyClientsOnlyTheLatestAreKnown() {
        fail(ANNA, Breaker.FAILURES);
        for (int i = 0; i < Breaker.MOST_CLIENTS; i++) {
            breaker.succeeded(DAN);
            fail(client("198.51.100." + i), 1);
        }

        assertThat(breaker.admit(ANNA)).isTrue();
    }
}
