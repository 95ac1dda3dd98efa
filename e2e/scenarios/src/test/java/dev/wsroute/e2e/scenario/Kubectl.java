// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** kubectl as a user runs it. Skips the test if it is not installed; with CI=true the test fails. */
final class Kubectl {

    private static final long PATIENCE_SECONDS = 60;

    private final Path kubeconfig;
    private final List<String> flags;

    Kubectl(SuiteCluster cluster, Space space) {
        kubeconfig = cluster.kubeconfig();
        flags = List.of("--namespace", space.namespace());
    }

    /** In no namespace, unless its arguments name one. */
    Kubectl(SuiteCluster cluster) {
        kubeconfig = cluster.kubeconfig();
        flags = List.of();
    }

    /** Its output and exit code. */
    record Outcome(int exitCode, String output) {}

    /** Runs it, and fails if it does. */
    String run(String... arguments) {
        Outcome outcome = attempt(arguments);
        if (outcome.exitCode() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + " ended with " + outcome.exitCode()
                    + ": " + outcome.output());
        }
        return outcome.output();
    }

    /** Runs it. */
    Outcome attempt(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        command.addAll(flags);
        command.addAll(List.of(arguments));
        Process kubectl;
        try {
            kubectl = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw missing(e);
        }
        try {
            String output = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!kubectl.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("kubectl does not end: " + output);
            }
            return new Outcome(kubectl.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while kubectl ran", e);
        } finally {
            kubectl.destroyForcibly();
        }
    }

    private static RuntimeException missing(Exception cause) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("kubectl is not installed, and with CI=true no client may be missing", cause);
        }
        return new TestAbortedException("kubectl is not installed: skipped");
    }
}
