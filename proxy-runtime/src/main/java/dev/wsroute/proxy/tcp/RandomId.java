// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.ChannelId;
import java.util.concurrent.ThreadLocalRandom;

/** Identifies a channel within its process. Needs a tenth of the memory of Netty's own id. */
record RandomId(long value) implements ChannelId {

    private static final long serialVersionUID = 1;

    static RandomId next() {
        return new RandomId(ThreadLocalRandom.current().nextLong());
    }

    @Override
    public String asShortText() {
        return Long.toHexString(value);
    }

    @Override
    public String asLongText() {
        return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
        return other instanceof RandomId id
                ? Long.compare(value, id.value)
                : asLongText().compareTo(other.asLongText());
    }
}
