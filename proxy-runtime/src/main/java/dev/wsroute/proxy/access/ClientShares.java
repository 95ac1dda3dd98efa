// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Divides places among clients. A client that is alone gets at most half of them, and of several each leaves as much free as it has,
 * so that there is a place for whoever comes with little (the dynamic thresholds of Choudhury and Hahne, 1998). All of an IPv6 /48
 * count as one client, and each /64 in it has at most half of its share. Thread-safe.
 */
final class ClientShares {

    private final int places;
    private final int mostOfOne;
    private final Map<ClientKey, Integer> clients = new HashMap<>();
    private final Map<ClientKey, Integer> sites = new HashMap<>();
    private int taken;

    /** @param mostOfOne what one client gets at most, even if more is free */
    ClientShares(int places, int mostOfOne) {
        this.places = places;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a place. Returns false if there is none for this client; otherwise {@link #leave} has to follow. */
    synchronized boolean enter(ClientKey client) {
        ClientKey site = client.site();
        int free = places - taken;
        int most = Math.min(mostOfOne, client.v6() ? (free + 1) / 2 : free);
        if (clients.getOrDefault(client, 0) >= most || sites.getOrDefault(site, 0) >= free) {
            return false;
        }
        taken++;
        clients.merge(client, 1, Integer::sum);
        sites.merge(site, 1, Integer::sum);
        return true;
    }

    /** Gives a place back. */
    synchronized void leave(ClientKey client) {
        taken--;
        decrease(clients, client);
        decrease(sites, client.site());
    }

    private static void decrease(Map<ClientKey, Integer> numbers, ClientKey key) {
        numbers.computeIfPresent(key, (same, number) -> number == 1 ? null : number - 1);
    }
}
