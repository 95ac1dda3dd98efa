// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.proxy.drain.CloseQueue;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.TokenNames;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes open WebSockets whose tokens have been revoked since their handshakes, evenly if they are many. A rule's newest list counts,
 * also for those that were opened before it had one. A list that is not known closes nothing.
 */
final class RevokedConnections {

    private static final Logger LOG = LoggerFactory.getLogger(RevokedConnections.class);

    private final ConnectionRegistry connections;
    private final CloseQueue queue;
    private volatile Map<RuleName, DenyList> lists = Map.of();

    /** @param route {@code namespace/name} */
    record RuleName(String route, String rule) {}

    RevokedConnections(ConnectionRegistry connections, CloseQueue queue) {
        this.connections = connections;
        this.queue = queue;
        connections.addListener(this::opened);
    }

    /** The lists in force. Called on the control thread. */
    void use(Map<RuleName, DenyList> next) {
        if (next.equals(lists)) {
            return;
        }
        lists = Map.copyOf(next);
        List<LiveConnection> revoked = connections.matching(this::isRevoked);
        if (!revoked.isEmpty()) {
            LOG.info("The tokens of {} open WebSocket(s) are revoked; they are closed", revoked.size());
        }
        revoked.forEach(this::close);
    }

    /** A list may have changed between the check of the handshake and now. */
    private void opened(LiveConnection connection) {
        if (isRevoked(connection)) {
            close(connection);
        }
    }

    private boolean isRevoked(LiveConnection connection) {
        TokenNames token = connection.rights().token();
        if (lists.isEmpty() || token == null) {
            return false;
        }
        @Nullable DenyList list = lists.get(new RuleName(connection.route(), connection.rule()));
        return list != null && list.revokes(token);
    }

    private void close(LiveConnection connection) {
        queue.enqueue(connection, CloseReason.TOKEN_REVOKED, () -> connection.close(CloseReason.TOKEN_REVOKED));
    }
}
