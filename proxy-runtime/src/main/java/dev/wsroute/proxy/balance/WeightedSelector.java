package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.request.RequestFacts;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * First a backend by weight, among those that can take the connection, then one of its endpoints. A backend without
 * endpoints gives its share to the others: users of a proxy expect failover, not a proportion of errors.
 */
final class WeightedSelector implements EndpointSelector {

    /** 2^64 divided by the golden ratio: multiples of it fill the range most evenly, whatever the weights are. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Backend[] backends;
    private final AtomicLong turn = new AtomicLong(ThreadLocalRandom.current().nextLong());

    /** A backend that takes part, by its weight. */
    record Backend(String name, int weight, EndpointPool pool, Picker picker) {}

    /** A backend that can take the connection, with what is left of its members. */
    private static final class Option {
        private final Backend backend;
        private final Member[] members;

        Option(Backend backend, Member[] members) {
            this.backend = backend;
            this.members = members;
        }
    }

    /** @param backends those of weight 0 take no connection */
    WeightedSelector(List<Backend> backends) {
        this.backends =
                backends.stream().filter(backend -> backend.weight() > 0).toArray(Backend[]::new);
    }

    @Override
    public @Nullable EndpointLease select(RequestFacts request, Set<EndpointKey> tried) {
        if (backends.length == 1) {
            Member[] members = untried(backends[0].pool().takers(), tried);
            return members.length == 0 ? null : lease(backends[0], members);
        }
        Option[] options = new Option[backends.length];
        int count = 0;
        long total = 0;
        for (Backend backend : backends) {
            Member[] members = untried(backend.pool().takers(), tried);
            if (members.length > 0) {
                options[count++] = new Option(backend, members);
                total += backend.weight();
            }
        }
        if (count == 0) {
            return null;
        }
        Option chosen = byWeight(options, count, total);
        return lease(chosen.backend, chosen.members);
    }

    private Option byWeight(Option[] options, int count, long total) {
        long spread = (turn.getAndIncrement() * GOLDEN) >>> 32;
        long place = (spread * total) >>> 32;
        int i = 0;
        while (i < count - 1 && place >= options[i].backend.weight()) {
            place -= options[i].backend.weight();
            i++;
        }
        return options[i];
    }

    private static EndpointLease lease(Backend backend, Member[] members) {
        return new Lease(backend, backend.picker().pick(members));
    }

    private static Member[] untried(Member[] members, Set<EndpointKey> tried) {
        if (tried.isEmpty()) {
            return members;
        }
        return Arrays.stream(members)
                .filter(member -> !tried.contains(member.endpoint().key()))
                .toArray(Member[]::new);
    }
}
