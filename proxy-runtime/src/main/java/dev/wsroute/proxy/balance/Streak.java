package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.request.ClientKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's failures since its last success, and what became of it for them. Immutable, and bounded.
 *
 * @param unreachable how often it could not be connected to
 * @param clients that it failed otherwise since it was ejected last, each once; no more than {@value #MOST_CLIENTS}
 * @param failures all that count, also those before the last ejection
 * @param ejections how often it was left out
 * @param ejectedUntil end of the last ejection, where there was one
 * @param opened when a WebSocket was opened that may turn out a success; null without
 */
record Streak(
        int unreachable,
        List<ClientKey> clients,
        int failures,
        int ejections,
        long ejectedUntil,
        @Nullable Long opened) {

    /** How many clients are told apart. */
    static final int MOST_CLIENTS = 3;

    static final Streak NONE = new Streak(0, List.of(), 0, 0, 0, null);

    /** Of one client's it can't be told who is to blame. */
    private static final int SEVERAL = 2;

    /** The same, or none where the opened WebSocket has held. */
    Streak settled(long now) {
        return opened != null && now - opened >= EndpointHealth.HELD.toNanos() ? NONE : this;
    }

    boolean isEjected(long now) {
        return ejections > 0 && now - ejectedUntil < 0;
    }

    /** Whether it has failed this client, as far as clients are told apart. */
    boolean holds(ClientKey client) {
        return clients.contains(client);
    }

    /** How many failures speak for an ejection. */
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

    /** Left out; its clients have to come anew for another time. */
    Streak ejectedUntil(long end) {
        return new Streak(unreachable, List.of(), failures, ejections + 1, end, null);
    }
}
