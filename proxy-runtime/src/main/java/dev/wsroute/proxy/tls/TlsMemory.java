// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.memory.Reservation;
import io.netty.channel.Channel;

/**
 * Accounts for the memory of one connection's TLS: its client hello, then the engine's, which cannot be measured, as it was
 * measured beforehand. Used on its event loop.
 */
public final class TlsMemory {

    private final MemoryBudgets budgets;
    private final Channel channel;
    private final Account handshake;
    private final Account records;
    private long received;

    public TlsMemory(MemoryBudgets budgets, Channel channel) {
        this.budgets = budgets;
        this.channel = channel;
        this.handshake = budgets.handshakes().open(Account.of(channel));
        this.records = budgets.buffers().open(Account.of(channel));
    }

    /**
     * Holds a part of a client hello.
     *
     * @param bytes capacity of its buffer
     * @return false if there is no memory; the connection must be reset
     */
    boolean helloArrives(long bytes) {
        return handshake.hold(bytes);
    }

    /**
     * Before an engine is created.
     *
     * @param hello bytes that it will be given
     * @return false if there is no memory; the connection must be reset
     */
    boolean begin(int hello) {
        return handshake.hold(MemoryPlan.ofHandshake(hello));
    }

    /** The engine is given more bytes in the handshake. */
    void receives(int bytes) {
        received += bytes;
    }

    /**
     * After the engine has been given them.
     *
     * @param undecrypted capacity of the buffer of what it was not given yet
     * @return false if there is no memory; the connection must be reset
     */
    boolean handshakes(long undecrypted) {
        return handshake.hold(MemoryPlan.ofHandshake(received)) && holdRecords(undecrypted);
    }

    /**
     * The handshake has succeeded. The engine exists until the channel closes.
     *
     * @return false if there is no memory; the connection must be reset
     */
    boolean established() {
        handshake.hold(0);
        Reservation engine = budgets.reserveTls();
        if (engine == null) {
            return false;
        }
        // References nothing else, since it lives as long as the connection.
        Containment.whenDone(channel.closeFuture(), channel, closed -> engine.hold(0));
        return true;
    }

    /**
     * Holds incomplete records.
     *
     * @param bytes capacity of their buffer
     * @return false if there is no memory; the connection must be reset
     */
    boolean holdRecords(long bytes) {
        return records.hold(bytes);
    }

    /** The handshake is over, or the connection has another owner, who accounts for records. */
    void release() {
        handshake.hold(0);
        records.hold(0);
    }
}
