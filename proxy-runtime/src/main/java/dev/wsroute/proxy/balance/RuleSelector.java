// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.clientaddress.ClientKey;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestFacts;
import dev.wsroute.proxy.session.Pin;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a session cookie first. Otherwise chooses a backend by hash or by weight, then one of its endpoints. The
 * share of a backend without endpoints goes to the others: users expect failover, not a proportion of errors.
 */
final class RuleSelector implements EndpointSelector {

    private static final Member[] NONE = {};

    private final String route;
    private final RuleBackend[] all;
    private final RuleBackend[] weighted;
    private final WeightedChoice weights = new WeightedChoice();
    private final @Nullable KeyHash keyHash;
    private final @Nullable SessionPins sessions;
    private final Ejections ejections;

    RuleSelector(
            String route,
            List<RuleBackend> backends,
            @Nullable KeyHash keyHash,
            @Nullable SessionPins sessions,
            Ejections ejections) {
        this.route = route;
        this.all = backends.toArray(RuleBackend[]::new);
        this.weighted =
                backends.stream().filter(backend -> backend.weight() > 0).toArray(RuleBackend[]::new);
        this.keyHash = keyHash;
        this.sessions = sessions;
        this.ejections = ejections;
    }

    @Override
    public @Nullable EndpointLease select(RequestFacts request, Set<EndpointKey> tried) {
        long now = ejections.now();
        boolean someEjected = ejections.any(now);
        Pin.EndpointToken token = sessions == null ? null : sessions.read(request);
        EndpointLease lease = token == null ? null : pinned(request, token, tried, someEjected, now);
        if (lease == null) {
            lease = balanced(request, tried, someEjected, now);
        }
        // An ejected endpoint is better than none.
        return lease == null && someEjected ? balanced(request, tried, false, now) : lease;
    }

    /**
     * A session stays at its endpoint as long as that is reachable. Failures that other clients cause do not move it.
     */
    private @Nullable EndpointLease pinned(
            RequestFacts request, Pin.EndpointToken token, Set<EndpointKey> tried, boolean someEjected, long now) {
        for (RuleBackend backend : all) {
            Member member = backend.pool().pinned(token);
            if (member != null
                    && !tried.contains(member.endpoint().key())
                    && !(someEjected && member.state().health().isUnreachable(now))) {
                return new CountedLease(ejections, route, backend, member, null, false, client(request));
            }
        }
        return null;
    }

    private @Nullable EndpointLease balanced(
            RequestFacts request, Set<EndpointKey> tried, boolean someEjected, long now) {
        long key = keyHash == null ? 0 : keyHash.of(request);
        if (weighted.length == 1) {
            Member[] members = eligible(weighted[0].pool().candidates(), tried, someEjected, now);
            return members.length == 0 ? null : lease(request, tried, weighted[0], members, key, now);
        }
        @Nullable Member[][] members = new Member[weighted.length][];
        for (int i = 0; i < weighted.length; i++) {
            Member[] left = eligible(weighted[i].pool().candidates(), tried, someEjected, now);
            members[i] = left.length == 0 ? null : left;
        }
        int chosen = keyHash == null ? weights.next(weighted, members) : Rendezvous.backend(weighted, members, key);
        return chosen < 0 ? null : lease(request, tried, weighted[chosen], members[chosen], key, now);
    }

    private EndpointLease lease(
            RequestFacts request, Set<EndpointKey> tried, RuleBackend backend, Member[] members, long key, long now) {
        Member member = backend.pick(members, !tried.isEmpty(), key, now);
        boolean secure = sessions != null && request.secure();
        return new CountedLease(ejections, route, backend, member, sessions, secure, client(request));
    }

    private static ClientKey client(RequestFacts request) {
        return ClientKey.of(request.clientAddress());
    }

    private static Member[] eligible(Member[] members, Set<EndpointKey> tried, boolean someEjected, long now) {
        if (tried.isEmpty() && !someEjected) {
            return members;
        }
        Member[] left = new Member[members.length];
        int count = 0;
        for (Member member : members) {
            if (isEligible(member, tried, someEjected, now)) {
                left[count++] = member;
            }
        }
        return count == members.length ? members : count == 0 ? NONE : Arrays.copyOf(left, count);
    }

    private static boolean isEligible(Member member, Set<EndpointKey> tried, boolean someEjected, long now) {
        return !tried.contains(member.endpoint().key())
                && !(someEjected && member.state().health().isEjected(now));
    }
}
