// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Many clients of one route. Each knows its backend pod, which greets it with its name. */
public final class Fleet implements AutoCloseable {

    private static final long GREETING_SECONDS = 10;

    private final WebSocketClient client = new WebSocketClient(1);
    private final URI uri;
    private final List<Member> members = new ArrayList<>();

    /** @param uri of the route, without query: the echo server greets those that add {@code ?hello} */
    public Fleet(URI uri) {
        this.uri = URI.create(uri + "?hello");
    }

    /**
     * A client of the fleet.
     *
     * @param connection its WebSocket
     * @param backend the pod at the other end
     */
    public record Member(WebSocketConnection connection, String backend) {

        /** Whether its connection has not ended. */
        public boolean isOpen() {
            return connection.isOpen();
        }
    }

    /** All members, including those whose connection has ended. */
    public List<Member> members() {
        return List.copyOf(members);
    }

    /**
     * Connects more clients.
     *
     * @return the new ones
     */
    public List<Member> grow(int count) {
        List<Member> newcomers = client.connectAll(uri, count).stream()
                .map(connection -> new Member(
                        connection,
                        connection
                                .first()
                                .orTimeout(GREETING_SECONDS, TimeUnit.SECONDS)
                                .join()))
                .toList();
        members.addAll(newcomers);
        return newcomers;
    }

    /**
     * Reconnects members whose connection has ended.
     *
     * @return the former members
     */
    public List<Member> reconnect() {
        List<Member> ended = members.stream().filter(member -> !member.isOpen()).toList();
        members.removeAll(ended);
        grow(ended.size());
        return ended;
    }

    /** Number of {@code members} on each backend. */
    public static Map<String, Long> byBackend(List<Member> members) {
        return members.stream().collect(Collectors.groupingBy(Member::backend, TreeMap::new, Collectors.counting()));
    }

    @Override
    public void close() {
        client.close();
    }
}
