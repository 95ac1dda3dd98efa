// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's failures and ejections since its last success. Immutable and bounded.
 *
 * @param unreachable failed connection attempts
 * @param clients distinct clients with other failures since the last ejection; at most {@value #MOST_CLIENTS}
 * @param failures all counted failures, including those before the last ejection
 * @param ejections number of ejections
 * @param ejectedUntil end of the last ejection, if there was one
 * @param opened when a WebSocket was opened that may turn out to be a success; null for none
 */
record FailureStreak(
        int unreachable,
        List<ClientKey> clients,
        int failures,
        int ejections,
        long ejectedUntil,
        @Nullable Long opened) {

    /** Maximum number of clients that are distinguished. */
    static final int MOST_CLIENTS = 3;

    static final FailureStreak NONE = new FailureStreak(0, List.of(), 0, 0, 0, null);

    /** With a single client, either side may be to blame. */
    private static final int SEVERAL = 2;

    /** This streak, or {@link #NONE} if the opened WebSocket has stayed open long enough. */
    FailureStreak settled(long now) {
        return opened != null && now - opened >= EndpointHealth.PROVEN_AFTER.toNanos() ? NONE : this;
    }

    boolean isEjected(long now) {
        return ejections > 0 && now - ejectedUntil < 0;
    }

    /** Whether a failure of this client is recorded. */
    boolean holds(ClientKey client) {
        return clients.contains(client);
    }

    /** Number of failures that count towards an ejection. */
    int counted() {
        return unreachable + (clients.size() < SEVERAL ? 0 : clients.size());
    }

    FailureStreak withUnreachable() {
        return new FailureStreak(unreachable + 1, clients, failures + 1, ejections, ejectedUntil, null);
    }

    FailureStreak withFailed(ClientKey client) {
        if (holds(client)) {
            return this;
        }
        List<ClientKey> more = clients;
        if (clients.size() < MOST_CLIENTS) {
            more = new ArrayList<>(clients);
            more.add(client);
            more = List.copyOf(more);
        }
        return new FailureStreak(unreachable, more, failures + 1, ejections, ejectedUntil, null);
    }

    FailureStreak withOpened(long now) {
        return new FailureStreak(unreachable, clients, failures, ejections, ejectedUntil, now);
    }

    /** A copy that is ejected. Clients' failures start from zero again. */
    FailureStreak ejectedUntil(long end) {
        return new FailureStreak(unreachable, List.of(), failures, ejections + 1, end, null);
    }
}
