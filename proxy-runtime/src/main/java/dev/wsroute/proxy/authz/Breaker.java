// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Fails checks at once while the service fails: all of them after {@value #FAILURES} failures in a row, if at least {@value #CLIENTS}
 * clients had one or the service could not be reached {@value #FAILURES} times; those of one client after {@value #FAILURES} failures in a row of its own. A client can make a
 * service fail with odd requests, so one alone must not decide for the others. After a pause few try the service; a success closes
 * the breaker, and further failures open it for twice as long. Confined to one event loop.
 */
final class Breaker {

    static final int FAILURES = 5;

    /** Of IPv6 each from another /48. */
    static final int CLIENTS = 3;

    /** Clients whose own failures are counted. */
    static final int MOST_CLIENTS = 64;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

    private final LongSupplier nanoTime;
    private final Map<ClientKey, Circuit> circuits = new LinkedHashMap<>();
    /** Those that failed since the last success or pause. */
    private final Set<ClientKey> failedSites = new HashSet<>();
    /** Those that try the service after a pause. */
    private final Set<ClientKey> trying = new HashSet<>();

    private int failures;
    private int unreachable;
    private boolean open;
    private Pause pause = Pause.NONE;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the service may be asked now. Each true is followed by one of the other calls. */
    boolean admit(ClientKey client) {
        if (open && (isPausing() || trying.size() >= CLIENTS || trying.contains(client.site()))) {
            return false;
        }
        Circuit own = circuits.get(client);
        if (own != null && !own.admit()) {
            return false;
        }
        if (open) {
            trying.add(client.site());
        }
        return true;
    }

    /** Whether nobody may ask the service now. */
    boolean isPausing() {
        return open && pause.isOn(nanoTime.getAsLong());
    }

    /** Whether this client may not ask it now. */
    boolean isPausing(ClientKey client) {
        Circuit own = circuits.get(client);
        return isPausing() || (own != null && own.isPausing());
    }

    /** The service has answered. */
    void succeeded(ClientKey client) {
        if (open) {
            circuits.clear();
        } else {
            circuits.remove(client);
        }
        open = false;
        pause = Pause.NONE;
        failures = 0;
        forget();
    }

    /** The service has failed, perhaps because of what the client sent. */
    void failed(ClientKey client) {
        Circuit own = circuits.get(client);
        if (own == null) {
            own = new Circuit(nanoTime);
            circuits.put(client, own);
            if (circuits.size() > MOST_CLIENTS) {
                circuits.remove(circuits.keySet().iterator().next());
            }
        }
        own.failed();
        if (counts(client) && failedSites.size() < CLIENTS) {
            failedSites.add(client.site());
        }
        openIfEnough();
    }

    /** The service cannot be reached, which no client can cause. */
    void unreachable(ClientKey client) {
        abandonOwn(client);
        if (counts(client)) {
            unreachable++;
        }
        openIfEnough();
    }

    /** Whether it is not about a check from before the breaker opened. */
    private boolean counts(ClientKey client) {
        if (open) {
            return trying.remove(client.site());
        }
        failures++;
        return true;
    }

    private void openIfEnough() {
        boolean ofFewClients = failedSites.size() < CLIENTS;
        if (open ? ofFewClients && unreachable == 0 : failures < FAILURES || (ofFewClients && unreachable < FAILURES)) {
            return;
        }
        open = true;
        pause = pause.next(nanoTime.getAsLong());
        forget();
    }

    private void forget() {
        unreachable = 0;
        failedSites.clear();
        trying.clear();
    }

    /** Nothing was found out. */
    void abandoned(ClientKey client) {
        abandonOwn(client);
        trying.remove(client.site());
    }

    private void abandonOwn(ClientKey client) {
        Circuit own = circuits.get(client);
        if (own != null) {
            own.abandoned();
        }
    }
}
