// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * Members of a pool, by whether they are for the proxies of this zone. Neither array is empty; both are ordered like the pool.
 * Callers must not modify them.
 */
final class ZoneSplit {

    /**
     * How many times its fair share an endpoint of the zone may get before the zone counts as overloaded. With it, one pod more or
     * less does not matter from two endpoints in each of two zones on, and from three in each of three.
     */
    private static final double TOLERANCE = 1.25;

    private final Member[] local;
    private final Member[] others;
    private final double proxies;

    private ZoneSplit(Member[] local, Member[] others, double proxies) {
        this.local = local;
        this.others = others;
        this.proxies = proxies;
    }

    /** Null if all or none of them are for this zone, so that there is nothing to prefer. */
    static @Nullable ZoneSplit of(Member[] members, double proxies) {
        int count = 0;
        for (Member member : members) {
            count += member.local() ? 1 : 0;
        }
        if (count == 0 || count == members.length) {
            return null;
        }
        Member[] local = new Member[count];
        Member[] others = new Member[members.length - count];
        for (int i = 0, l = 0; i < members.length; i++) {
            if (members[i].local()) {
                local[l++] = members[i];
            } else {
                others[i - l] = members[i];
            }
        }
        return new ZoneSplit(local, others, proxies);
    }

    Member[] local() {
        return local;
    }

    Member[] others() {
        return others;
    }

    /**
     * The part of this proxy's connections that its zone can take. With e as the part of the endpoints and p as the part of the
     * proxies that are in this zone, an endpoint here would get p/e of its fair share. Beyond the tolerance only e/p stay. While all
     * endpoints here are in their slow start, and others are not, it is less.
     *
     * @param slowStart nanoseconds; 0 for none
     */
    double share(long now, long slowStart) {
        double endpoints = (double) local.length / (local.length + others.length);
        double fits = proxies <= TOLERANCE * endpoints ? 1 : endpoints / proxies;
        double warm = local[0].share(now, slowStart) / others[0].share(now, slowStart);
        return warm < 1 ? fits * warm : fits;
    }
}
