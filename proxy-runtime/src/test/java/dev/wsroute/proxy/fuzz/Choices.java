// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import java.util.List;

/** Decisions derived from an input, one per byte; after its end, always the first option. */
public final class Choices {

    private final byte[] data;
    private int next;

    public Choices(byte[] data) {
        this.data = data;
    }

    /** From 0 (inclusive) to {@code bound} (exclusive). */
    public int below(int bound) {
        return next < data.length ? (data[next++] & 0xff) % bound : 0;
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    public boolean ended() {
        return next >= data.length;
    }
}
