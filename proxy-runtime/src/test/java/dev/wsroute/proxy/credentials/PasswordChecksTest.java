// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a check of a password costs others. */
class PasswordChecksTest {

    @AutoClose
    private final PasswordChecks checks = new PasswordChecks();

    /** Matches {@code right} only, once it is released. */
    private record SlowHash(String text, CountDownLatch released) implements PasswordHash {

        @Override
        public boolean matches(byte[] password) {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new String(password, StandardCharsets.UTF_8).equals("right");
        }
    }

    private static InetAddress client(String address) throws Exception {
        return InetAddress.getByName(address);
    }

    private static SlowHash released(String text) {
        return new SlowHash(text, new CountDownLatch(0));
    }

    private boolean outcome(String password, PasswordHash hash) throws Exception {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        assertThat(checks.check(client("192.0.2.1"), "alice", password, hash, outcome::complete))
                .isTrue();
        return outcome.join();
    }

    @Test
    void aClientWhoGuessesDoesNotKeepOthersOut() throws Exception {
        SlowHash hash = new SlowHash("h", new CountDownLatch(1));
        List<Boolean> accepted = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            accepted.add(checks.check(client("192.0.2.66"), "alice", "guess" + i, hash, right -> {}));
        }
        CompletableFuture<Boolean> other = new CompletableFuture<>();

        assertThat(accepted)
                .containsSequence(true, true, true, true, false)
                .filteredOn(each -> each)
                .hasSize(4);
        assertThat(checks.check(client("192.0.2.1"), "alice", "right", hash, other::complete))
                .isTrue();
        hash.released.countDown();
        assertThat(other.join()).isTrue();
    }

    @Test
    void manyClientsTogetherFillAQueueThatEmptiesAgain() throws Exception {
        SlowHash hash = new SlowHash("h", new CountDownLatch(1));
        List<CompletableFuture<Boolean>> accepted = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            CompletableFuture<Boolean> outcome = new CompletableFuture<>();
            if (checks.check(
                    client("198.51." + i / 250 + "." + i % 250), "user" + i, "right", hash, outcome::complete)) {
                accepted.add(outcome);
            }
        }

        assertThat(accepted).hasSize(256);
        hash.released.countDown();
        assertThat(accepted).allSatisfy(outcome -> assertThat(outcome.join()).isTrue());
        assertThat(outcome("right", hash)).isTrue();
    }

    @Test
    void equalChecksAtTheSameTimeAreOne() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch released = new CountDownLatch(1);
        PasswordHash counted = new PasswordHash() {
            @Override
            public boolean matches(byte[] password) {
                made.incrementAndGet();
                return new SlowHash("h", released).matches(password);
            }

            @Override
            public String text() {
                return "h";
            }
        };
        List<CompletableFuture<Boolean>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Boolean> outcome = new CompletableFuture<>();
            outcomes.add(outcome);
            assertThat(checks.check(client("192.0.2.1"), "alice", "right", counted, outcome::complete))
                    .isTrue();
        }
        // One that throws keeps nobody waiting.
        assertThat(checks.check(client("192.0.2.1"), "alice", "right", counted, right -> {
                    throw new IllegalStateException("of the test");
                }))
                .isTrue();
        CompletableFuture<Boolean> last = new CompletableFuture<>();
        assertThat(checks.check(client("192.0.2.1"), "alice", "right", counted, last::complete))
                .isTrue();

        released.countDown();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isTrue());
        assertThat(last.join()).isTrue();
        assertThat(made).hasValue(1);
    }

    @Test
    void onlyWhatWasRightIsRememberedAndOnlyForItsUserAndHash() throws Exception {
        assertThat(outcome("right", released("h"))).isTrue();
        assertThat(outcome("wrong", released("h"))).isFalse();

        assertThat(checks.isKnown("alice", "right", released("h"))).isTrue();
        assertThat(checks.isKnown("alice", "wrong", released("h"))).isFalse();
        assertThat(checks.isKnown("bob", "right", released("h"))).isFalse();
        assertThat(checks.isKnown("alicer", "ight", released("h"))).isFalse();
        assertThat(checks.isKnown("alice", "right", released("changed"))).isFalse();
    }
}
