package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.request.ClientKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's failures since its last success, and the ejections that followed. Immutable and bounded.
 *
 * @param unreachable failed connection attempts
 * @param clients clients with other failures since the last ejection, each once; at most {@value #MOST_CLIENTS}
 * @param failures all failures that count, including those before the last ejection
 * @param ejections number of ejections
 * @param ejectedUntil end of the last ejection, where there was one
 * @param opened when a WebSocket was opened that may turn out to be a success; null if none was
 */
record Streak(
        int unreachable,
        List<ClientKey> clients,
        int failures,
        int ejections,
        long ejectedUntil,
        @Nullable Long opened) {

    /** How many clients are distinguished. */
    static final int MOST_CLIENTS = 3;

    static final Streak NONE = new Streak(0, List.of(), 0, 0, 0, null);

    /** With one client alone, either side may be to blame. */
    private static final int SEVERAL = 2;

    /** The same, or none where the opened WebSocket has held. */
    Streak settled(long now) {
        return opened != null && now - opened >= EndpointHealth.HELD.toNanos() ? NONE : this;
    }

    boolean isEjected(long now) {
        return ejections > 0 && now - ejectedUntil < 0;
    }

    /** Whether it has failed this client, as far as clients are distinguished. */
    boolean holds(ClientKey client) {
        return clients.contains(client);
    }

    /** How many failures count towards an ejection. */
    int counted() {
        return unreachable + (clients.size() < SEVERAL ? 0 : clients.size());
    }

    Streak withUnreachable() {
        return new Streak(unreachable + 1, clients, failures + 1, ejections, ejectedUntil, null);
    }

    Streak withFailed(ClientKey client) {
        if (holds(client)) {
            return this;
        }
        List<ClientKey> more = clients;
        if (clients.size() < MOST_CLIENTS) {
            more = new ArrayList<>(clients);
            more.add(client);
            more = List.copyOf(more);
        }
        return new Streak(unreachable, more, failures + 1, ejections, ejectedUntil, null);
    }

    Streak withOpened(long now) {
        return new Streak(unreachable, clients, failures, ejections, ejectedUntil, now);
    }

    /** Ejected; failures of clients start again from zero. */
    Streak ejectedUntil(long end) {
        return new Streak(unreachable, List.of(), failures, ejections + 1, end, null);
    }
}
