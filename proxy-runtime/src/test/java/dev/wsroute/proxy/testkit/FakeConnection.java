package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;

/** A live connection that goes nowhere. */
public record FakeConnection(String route, String rule, String backend, EndpointKey endpoint)
        implements LiveConnection {

    @Override
    public void close(CloseReason reason) {
        throw new UnsupportedOperationException("only the shedder closes");
    }
}
