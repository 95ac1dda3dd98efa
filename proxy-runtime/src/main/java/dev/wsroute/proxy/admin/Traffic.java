package dev.wsroute.proxy.admin;

import java.util.Map;

/** Tells what goes on at the moment; for any thread. */
public interface Traffic {

    /** Live WebSockets. */
    int connections();

    /** How many of them wait for their turn to be asked to leave, by reason; reasons without any left out. */
    Map<String, Long> shedding();
}
