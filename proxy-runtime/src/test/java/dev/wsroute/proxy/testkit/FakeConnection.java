package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;

/** A live connection that goes nowhere. */
public record FakeConnection(
        String route, String rule, SourceKey source, EndpointKey endpoint, boolean toLeavingEndpoint)
        implements LiveConnection {

    public FakeConnection(String route, String rule, SourceKey source, EndpointKey endpoint) {
        this(route, rule, source, endpoint, false);
    }

    @Override
    public void close(CloseReason reason) {
        throw new UnsupportedOperationException("only the shedder closes");
    }
}
