package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import java.time.Duration;

/** Hears of what balancing decides by itself. Called on event loops; never blocks. */
@FunctionalInterface
public interface BalancingListener {

    /** An endpoint failed too often in a row and is left out for a while. */
    void ejected(String route, String backend, Endpoint endpoint, Duration time);
}
