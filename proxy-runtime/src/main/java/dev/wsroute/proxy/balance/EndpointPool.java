package dev.wsroute.proxy.balance;

import dev.wsroute.config.EndpointConditions;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.session.Pin;
import dev.wsroute.proxy.session.PinSigner;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one source that take new connections: an array that is swapped whole on the control thread, read
 * on every event loop.
 */
final class EndpointPool {

    private final SourceKey source;
    private final AtomicInteger leases = new AtomicInteger();
    private volatile Member[] takers = {};
    private volatile Map<Pin.Token, Member> pinned = Map.of();
    private volatile EndpointSet endpoints = EndpointSet.EMPTY;
    private boolean known;

    EndpointPool(SourceKey source) {
        this.source = source;
    }

    SourceKey source() {
        return source;
    }

    void leased() {
        leases.incrementAndGet();
    }

    void released() {
        leases.decrementAndGet();
    }

    /** Whether a connection, or a handshake under way, goes to an endpoint that was found here. */
    boolean inUse() {
        return leases.get() > 0;
    }

    /** Those that a new connection can go to, in the order in which they joined; not to be written to. */
    Member[] takers() {
        return takers;
    }

    /** The one of {@link #takers} that a cookie names; null when there is none. */
    @Nullable Member pinned(Pin.Token token) {
        return pinned.get(token);
    }

    /** One of {@link #takers}; null when it is none. */
    @Nullable Member taker(EndpointKey key) {
        for (Member member : takers()) {
            if (member.endpoint().key().equals(key)) {
                return member;
            }
        }
        return null;
    }

    /**
     * How long a taker's slow start goes on; zero when it is over, or never was: the oldest have none, since there are no
     * others to take the rest.
     */
    Duration warmUp(Member member, long now, Duration slowStart) {
        Member[] all = takers();
        return all.length == 0 || member.age(now) == all[0].age(now) ? Duration.ZERO : member.warmUp(now, slowStart);
    }

    /** How many takers are left out. */
    int ejected(long now) {
        int ejected = 0;
        for (Member member : takers()) {
            if (member.state().health().isEjected(now)) {
                ejected++;
            }
        }
        return ejected;
    }

    /** How its endpoints stand. */
    EndpointTally tally(long now) {
        int ready = 0;
        int terminating = 0;
        for (Endpoint endpoint : endpoints.endpoints()) {
            if (endpoint.terminating()) {
                terminating++;
            } else if (endpoint.ready()) {
                ready++;
            }
        }
        int notReady = endpoints.endpoints().size() - ready - terminating;
        int ejected = Math.min(ready, ejected(now));
        return new EndpointTally(ready - ejected, notReady, terminating, ejected);
    }

    /** Takes another set. What joins is new, unless nothing was known before. */
    void update(EndpointSet next, EndpointTable states, @Nullable PinSigner signer, long now) {
        Map<EndpointKey, Member> before = new HashMap<>();
        for (Member member : takers()) {
            before.put(member.endpoint().key(), member);
        }
        Long joined = known ? Long.valueOf(now) : null;
        known = true;
        endpoints = next;
        swap(EndpointConditions.takingConnections(next.endpoints()).stream()
                .map(endpoint -> {
                    EndpointKey key = endpoint.key();
                    Member last = before.get(key);
                    return last == null
                            ? new Member(endpoint, states.of(key), hash(key), joined, session(signer, key))
                            : new Member(endpoint, last.state(), last.hash(), last.newSince(), last.session());
                })
                .sorted(Comparator.comparingLong(member -> -member.age(now)))
                .toArray(Member[]::new));
    }

    /** Has another key for session cookies. */
    void sign(PinSigner signer) {
        Member[] signed = takers.clone();
        for (int i = 0; i < signed.length; i++) {
            Member old = signed[i];
            EndpointKey key = old.endpoint().key();
            signed[i] = new Member(old.endpoint(), old.state(), old.hash(), old.newSince(), session(signer, key));
        }
        swap(signed);
    }

    EndpointSet endpoints() {
        return endpoints;
    }

    private void swap(Member[] members) {
        Map<Pin.Token, Member> byToken = new HashMap<>();
        for (Member member : members) {
            if (member.session() != null) {
                byToken.put(member.session().token(), member);
            }
        }
        takers = members;
        pinned = Map.copyOf(byToken);
    }

    private static Member.@Nullable Session session(@Nullable PinSigner signer, EndpointKey key) {
        return signer == null ? null : new Member.Session(signer, signer.token(key.toString()));
    }

    private static long hash(EndpointKey key) {
        return Hashing.of(key.toString());
    }
}
