// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl users expect from a cluster, tested with kubectl itself. */
class KubectlContractTest {

    private static final String LEVEL = "2";

    @Test
    @Timeout(300)
    void kubectlFindsWhatItExpectsOfACluster(@TempDir Path directory) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl")));
        assumeTrue(installed || "true".equals(System.getenv("CI")), "kubectl is not installed");
        Path output = directory.resolve("output");

        int exitCode;
        try (EmbeddedCluster cluster = EmbeddedCluster.builder()
                .directory(directory.resolve("cluster"))
                .start()) {
            exitCode = run(cluster, directory, output);
        }

        assertThat(exitCode).as(Files.readString(output)).isZero();
        assertThat(output).content().contains(" passed, 0 failed");
    }

    private static int run(EmbeddedCluster cluster, Path home, Path output)
            throws IOException, InterruptedException, URISyntaxException {
        URL script = Objects.requireNonNull(KubectlContractTest.class.getResource("/kubectl-contract.sh"));
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("bash", Path.of(script.toURI()).toString(), LEVEL))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("KUBECONFIG", cluster.kubeconfig().toString(), "HOME", home.toString()));
        Process process = builder.start();
        try {
            return process.waitFor();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
