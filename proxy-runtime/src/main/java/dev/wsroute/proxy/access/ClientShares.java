// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Divides places, or bytes, among clients. A client that is alone gets at most half of them, and of several each leaves as much free
 * as it has, so that there is room for whoever comes with little (the dynamic thresholds of Choudhury and Hahne, 1998). All of an
 * IPv6 /48 count as one client, and each /64 in it has at most half of its share. Thread-safe.
 */
public final class ClientShares {

    private final long places;
    private final long mostOfOne;
    private final Map<ClientKey, Long> clients = new HashMap<>();
    private final Map<ClientKey, Long> sites = new HashMap<>();
    private long taken;

    /** @param mostOfOne what one client gets at most, even if more is free */
    public ClientShares(long places, long mostOfOne) {
        this.places = places;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a place. Returns false if there is none for this client; otherwise {@link #leave} has to follow. */
    public boolean enter(ClientKey client) {
        return enter(client, 1);
    }

    /** Takes several. */
    public synchronized boolean enter(ClientKey client, long number) {
        ClientKey site = client.site();
        long free = places - taken;
        long most = Math.min(mostOfOne, client.v6() ? (free + 1) / 2 : free);
        if (clients.getOrDefault(client, 0L) + number > most || sites.getOrDefault(site, 0L) + number > free) {
            return false;
        }
        taken += number;
        clients.merge(client, number, Long::sum);
        sites.merge(site, number, Long::sum);
        return true;
    }

    /** Gives a place back. */
    public void leave(ClientKey client) {
        leave(client, 1);
    }

    /** Gives several back. */
    public synchronized void leave(ClientKey client, long number) {
        taken -= number;
        decrease(clients, client, number);
        decrease(sites, client.site(), number);
    }

    private static void decrease(Map<ClientKey, Long> numbers, ClientKey key, long number) {
        numbers.computeIfPresent(key, (same, held) -> held == number ? null : held - number);
    }
}
