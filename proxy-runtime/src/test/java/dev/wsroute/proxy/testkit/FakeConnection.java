// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;

/** A live connection without sockets. */
public record FakeConnection(
        String route, String rule, SourceKey source, EndpointKey endpoint, boolean toLeavingEndpoint)
        implements LiveConnection {

    public FakeConnection(String route, String rule, SourceKey source, EndpointKey endpoint) {
        this(route, rule, source, endpoint, false);
    }

    @Override
    public ConnectionView view() {
        return new ConnectionView("id", route(), rule(), "echo", "192.0.2.7", null, null, "10.0.0.1:80", 1, 0, 0, 0, 0);
    }

    @Override
    public void close(CloseReason reason) {
        throw new UnsupportedOperationException("only the shedder closes");
    }
}
