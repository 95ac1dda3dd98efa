// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.proxy.admin.AdminOptions;
import dev.wsroute.proxy.memory.MemoryPlan;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the whole proxy program inside the test's process, with its configuration in a file. */
final class InProcessProxy {

    private static final AdminOptions ADMIN = new AdminOptions("127.0.0.1", 0, null, null);

    private InProcessProxy() {}

    static ProxyProcess start(Path file, @Nullable Path stateDir, OutputStream log) throws Exception {
        return start(options(file, stateDir, ADMIN, Map.of(), "auto"), log);
    }

    /** Returns once the configuration is in force. */
    static ProxyProcess start(ProxyOptions options, OutputStream log) throws Exception {
        ProxyProcess process = ProxyProcess.start(options, StandardStreams.to(log));
        assertThat(process.failure().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isNull();
        return process;
    }

    /** @param io as {@code --io} takes it */
    static ProxyOptions options(
            Path file, @Nullable Path stateDir, AdminOptions admin, Map<String, Integer> listen, String io) {
        return options(file, stateDir, admin, listen, io, MemoryPlan.ofProcess());
    }

    /** The defaults, with these memory budgets. */
    static ProxyOptions options(Path file, MemoryPlan memory) {
        return options(file, null, ADMIN, Map.of(), "auto", memory);
    }

    private static ProxyOptions options(
            Path file,
            @Nullable Path stateDir,
            AdminOptions admin,
            Map<String, Integer> listen,
            String io,
            MemoryPlan memory) {
        return new ProxyOptions(
                file,
                null,
                null,
                stateDir,
                null,
                null,
                null,
                false,
                listen,
                null,
                "127.0.0.1",
                admin,
                io,
                LogFormat.text,
                Level.INFO,
                memory);
    }
}
