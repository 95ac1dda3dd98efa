// SPDX-License-Identifier: Apache-2.0
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one source that accept new connections. The candidates are replaced on the control thread and read on
 * every event loop.
 */
final class EndpointPool {

    private final SourceKey source;
    private final AtomicInteger leases = new AtomicInteger();
    private volatile Candidates candidates;
    private volatile Map<Pin.EndpointToken, Member> pinned = Map.of();
    private volatile EndpointSet endpoints = EndpointSet.EMPTY;
    private boolean known;

    /** The candidates and what follows from their zones: published at once. */
    private static final class Candidates {

        final Member[] all;
        final OwnZone zone;
        final @Nullable ZoneSplit split;

        Candidates(Member[] all, OwnZone zone) {
            this.all = all;
            this.zone = zone;
            this.split = ZoneSplit.of(all, zone.proxies());
        }
    }

    /** @param zone of this process */
    EndpointPool(SourceKey source, OwnZone zone) {
        this.source = source;
        this.candidates = new Candidates(new Member[0], zone);
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

    /** Whether a connection or handshake uses an endpoint of this source. */
    boolean inUse() {
        return leases.get() > 0;
    }

    /** The endpoints that accept new connections, oldest first. Callers must not modify the array. */
    Member[] candidates() {
        return candidates.all;
    }

    /** Candidates by whether they are for the proxies of this zone; null if all or none of them are. */
    @Nullable ZoneSplit split(Member[] members) {
        Candidates now = candidates;
        return now.all == members ? now.split : ZoneSplit.of(members, now.zone.proxies());
    }

    /** The zone of this process. */
    OwnZone zone() {
        return candidates.zone;
    }

    /** The candidate that a cookie names; null if there is none. */
    @Nullable Member pinned(Pin.EndpointToken token) {
        return pinned.get(token);
    }

    /** The candidate with this key; null if there is none. */
    @Nullable Member candidate(EndpointKey key) {
        for (Member member : candidates()) {
            if (member.endpoint().key().equals(key)) {
                return member;
            }
        }
        return null;
    }

    /**
     * Remaining slow start of a candidate; zero if it has none. The oldest candidates have none, since no others could
     * take the rest of their share.
     */
    Duration warmUp(Member member, long now, Duration slowStart) {
        Member[] all = candidates();
        return all.length == 0 || member.age(now) == all[0].age(now) ? Duration.ZERO : member.warmUp(now, slowStart);
    }

    /** Number of ejected candidates. */
    int ejected(long now) {
        int ejected = 0;
        for (Member member : candidates()) {
            if (member.state().health().isEjected(now)) {
                ejected++;
            }
        }
        return ejected;
    }

    /** Numbers of endpoints by state. */
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

    /** Replaces the endpoints. Added ones get a slow start, except in the first set. */
    void update(EndpointSet next, EndpointTable states, @Nullable PinSigner signer, long now) {
        Map<EndpointKey, Member> before = new HashMap<>();
        for (Member member : candidates()) {
            before.put(member.endpoint().key(), member);
        }
        Long joined = known ? Long.valueOf(now) : null;
        known = true;
        endpoints = next;
        swap(
                EndpointConditions.takingConnections(next.endpoints()).stream()
                        .map(endpoint -> {
                            EndpointKey key = endpoint.key();
                            Member last = before.get(key);
                            return last == null
                                    ? new Member(
                                            endpoint, states.of(key), hash(key), joined, session(signer, key), false)
                                    : new Member(
                                            endpoint,
                                            last.state(),
                                            last.hash(),
                                            last.newSince(),
                                            last.session(),
                                            false);
                        })
                        .sorted(Comparator.comparingLong(member -> -member.age(now)))
                        .toArray(Member[]::new),
                zone());
    }

    /** Replaces the key of session cookies. */
    void sign(PinSigner signer) {
        Member[] signed = candidates().clone();
        for (int i = 0; i < signed.length; i++) {
            signed[i] =
                    signed[i].withSession(session(signer, signed[i].endpoint().key()));
        }
        swap(signed, zone());
    }

    /** Applies a change of the zones. */
    void zone(OwnZone zone) {
        if (!zone.equals(zone())) {
            swap(candidates().clone(), zone);
        }
    }

    EndpointSet endpoints() {
        return endpoints;
    }

    private void swap(Member[] members, OwnZone zone) {
        boolean hinted = OwnZone.isHinted(
                Stream.of(members).map(member -> member.endpoint().zones()).toList());
        Map<Pin.EndpointToken, Member> byToken = new HashMap<>();
        for (int i = 0; i < members.length; i++) {
            members[i] = members[i].withLocal(zone.prefers(members[i].endpoint().zones(), hinted));
            if (members[i].session() != null) {
                byToken.put(members[i].session().token(), members[i]);
            }
        }
        candidates = new Candidates(members, zone);
        pinned = Map.copyOf(byToken);
    }

    private static Member.@Nullable Session session(@Nullable PinSigner signer, EndpointKey key) {
        return signer == null ? null : new Member.Session(signer, signer.token(key.toString()));
    }

    private static long hash(EndpointKey key) {
        return Hashing.of(key.toString());
    }
}
