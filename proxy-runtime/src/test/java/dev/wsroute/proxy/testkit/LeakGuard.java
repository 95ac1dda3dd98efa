// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class that leaked a buffer. Registered for all tests. Netty's leak detector reports when a buffer is
 * allocated after a garbage collection, so this class triggers both.
 */
public final class LeakGuard implements AfterAllCallback {

    private static final Leaks LEAKS = Leaks.listen();

    @Override
    public void afterAll(ExtensionContext context) {
        for (int round = 0; round < 2; round++) {
            System.gc();
            List<ByteBuf> provoking = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                provoking.add(ByteBufAllocator.DEFAULT.buffer(256));
            }
            provoking.forEach(ByteBuf::release);
        }
        String leak = LEAKS.found.poll();
        if (leak != null) {
            throw new AssertionError("A buffer was not released: " + leak);
        }
    }

    private static final class Leaks extends AppenderBase<ILoggingEvent> {
        private final Queue<String> found = new ConcurrentLinkedQueue<>();

        static Leaks listen() {
            Leaks leaks = new Leaks();
            leaks.start();
            ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(leaks);
            return leaks;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("LEAK")) {
                found.add(event.getFormattedMessage());
            }
        }
    }
}
