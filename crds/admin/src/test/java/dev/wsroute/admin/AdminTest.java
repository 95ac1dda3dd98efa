// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** Closes what a test has opened, in reverse order. */
abstract class AdminTest {

    static final Duration LONG = Duration.ofMinutes(5);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** Limits that no test reaches. */
    static AdminLimits slots(int connections, int pages) {
        return new AdminLimits(connections, pages, 8192, 64, LONG, LONG);
    }

    /** A server with {@code /livez} that is not started yet. */
    AdminServer server(AdminLimits limits) throws IOException {
        AdminServer server = open(new AdminServer("admin", limits));
        server.listen(new InetSocketAddress("127.0.0.1", 0));
        return server.probe("/livez", () -> Answer.text(200, "ok"));
    }

    static AdminServer started(AdminServer server) {
        server.start();
        return server;
    }
}
