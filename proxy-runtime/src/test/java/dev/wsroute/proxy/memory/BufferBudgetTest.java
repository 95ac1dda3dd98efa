package dev.wsroute.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferBudgetTest {

    private static final int CAPACITY = 800;

    private final MemoryBudget bytes = new MemoryBudget("buffers", CAPACITY);
    private final BufferBudget budget = new BufferBudget(bytes);
    private final List<String> evicted = new ArrayList<>();

    private BufferAccount open(String name) {
        return budget.open(() -> evicted.add(name));
    }

    @Test
    void nobody_is_given_up_as_long_as_an_eighth_is_free() {
        open("a").hold(600);
        open("b").hold(99);

        assertThat(evicted).isEmpty();
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void who_holds_the_most_for_a_reader_that_stands_still_goes_first() {
        BufferAccount small = open("small");
        BufferAccount large = open("large");
        small.hold(10);
        large.hold(400);

        open("newest").hold(300);

        assertThat(evicted).containsExactly("large");
        assertThat(budget.evictions()).isEqualTo(1);
    }

    @Test
    void a_reader_that_goes_on_stays_though_it_holds_more() throws Exception {
        BufferAccount stalled = open("stalled");
        stalled.hold(300);
        BufferAccount slow = open("slow");
        slow.hold(350);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 5_000_000) {
            Thread.onSpinWait();
        }
        slow.moved();

        open("newest").hold(60);

        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void who_was_given_up_counts_as_gone_and_is_not_given_up_again() {
        BufferAccount first = open("first");
        first.hold(650);
        open("second").hold(60);
        assertThat(evicted).containsExactly("first");

        open("third").hold(50);

        assertThat(evicted).containsExactly("first");
        first.hold(0);
        assertThat(bytes.used()).isEqualTo(110);
    }

    @Test
    void beyond_the_capacity_nothing_is_reserved() {
        BufferAccount account = open("a");
        account.hold(700);

        assertThat(open("b").hold(101)).isFalse();
        assertThat(bytes.used()).isEqualTo(700);
        assertThat(budget.isShort()).isTrue();
    }

    @Test
    void all_comes_back() {
        BufferAccount account = open("a");
        account.hold(300);
        account.hold(100);
        account.hold(0);

        assertThat(bytes.used()).isZero();
    }
}
