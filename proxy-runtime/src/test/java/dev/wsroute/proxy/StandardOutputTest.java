// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A proxy whose standard output is blocked works as usual otherwise. */
@Tag("slow")
class StandardOutputTest extends ProxyProcessFixture {

    @Test
    void anUnreadPipeBlocksNeitherAConfigurationNorTheDrain() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(folder.resolve("proxy.yaml"), quick(one));
                Pair tunnel = open(program)) {
            logUntilLinesAreLost(program);

            program.write(quick(one, two));

            await().until(() -> program.metric("wsroute_config_applied_total") == 2);
            assertThat(program.admin("/config").statusCode()).isEqualTo(200);
            assertThat(program.admin("/livez").statusCode()).isEqualTo(200);
            tunnel.client().send(Frame.text("still there?", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("still there?");

            program.terminate();

            assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1001);
            tunnel.client().send(Frame.close(1001, "", true));
            assertThat(program.ended()).isTrue();
        }
    }

    @Test
    void anUnreadPipeDoesNotDelayTheReadinessChange() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(folder.resolve("proxy.yaml"), unhurried(one))) {
            logUntilLinesAreLost(program);

            program.terminate();

            await().until(() -> program.admin("/readyz").statusCode() == 503);
            assertThat(program.admin("/livez").statusCode()).isEqualTo(200);
            try (Pair tunnel = open(program)) {
                tunnel.client().send(Frame.text("come in", true));
                assertThat(tunnel.backend().readFrame().text()).isEqualTo("come in");
            }
        }
    }

    @Test
    void theFirstLineIsTheProgramsOwn() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(folder.resolve("proxy.yaml"), quick(one))) {
            String first = program.process().inputReader().readLine();

            assertThat(first).contains(" INFO  Memory: ");
        }
    }

    @Test
    void aPipeWithoutAReaderCostsTheLinesAndNothingElse() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(folder.resolve("proxy.yaml"), quick(one))) {
            program.process().getInputStream().close();
            for (int i = 0; i < 20; i++) {
                program.request("/nowhere");
            }

            program.write(quick(two));

            await().until(() -> program.metric("wsroute_config_applied_total") == 2);
            await().until(() -> program.metric("wsroute_accesslog_dropped_total") == 20);
            assertThat(program.metric("wsroute_log_write_errors_total")).isBetween(1.0, 40.0);
            program.terminate();
            assertThat(program.ended()).isTrue();
        }
    }

    @Test
    void aFullDiskCostsTheLinesAndNothingElse() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(
                folder.resolve("proxy.yaml"),
                quick(one),
                List.of(),
                builder -> builder.redirectOutput(new File("/dev/full")))) {
            program.write(quick(two));

            await().until(() -> program.metric("wsroute_config_applied_total") == 2);
            assertThat(program.metric("wsroute_log_write_errors_total")).isPositive();
            assertThat(program.metric("wsroute_log_dropped_total")).isPositive();
            program.terminate();
            assertThat(program.ended()).isTrue();
        }
    }

    @Test
    void closedDescriptorsCostTheLinesAndNothingElse() throws Exception {
        try (ProxyProgram program = ProxyProgram.start(
                folder.resolve("proxy.yaml"),
                quick(one),
                List.of("/bin/sh", "-c", "exec \"$@\" >&- 2>&-", "sh"),
                builder -> {})) {
            program.write(quick(two));

            await().until(() -> program.metric("wsroute_config_applied_total") == 2);
            program.terminate();
            assertThat(program.ended()).isTrue();
        }
    }

    /** Fills the pipe, and then the queue in front of it. */
    private static void logUntilLinesAreLost(ProxyProgram program) throws Exception {
        for (int i = 0; program.metric("wsroute_accesslog_dropped_total") == 0; i++) {
            assertThat(i).isLessThan(1000);
            for (int j = 0; j < 100; j++) {
                program.request("/" + "x".repeat(2000));
            }
        }
    }

    /** A shutdown without a delay. */
    private static String quick(RawBackend... backends) {
        return document("", backends).replace("\ndrain: {", "\ndrain: {delay: 0s, ");
    }

    /** A shutdown with a delay that is longer than the test. */
    private static String unhurried(RawBackend... backends) {
        return document("", backends).replace("\ndrain: {", "\ndrain: {delay: 10m, ");
    }

    private Pair open(ProxyProgram program) throws IOException {
        RawPeer client = program.connect();
        client.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        return new Pair(client, behind);
    }
}
