// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** Closes everything that a test opened, in reverse order. */
public abstract class ProxyTest {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    protected <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
