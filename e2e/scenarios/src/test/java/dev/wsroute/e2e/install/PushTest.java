// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/images/push}: the images of each architecture, and an index of them. */
class PushTest {

    private static final String PASSWORD = "p\"a\\ss";

    @TempDir
    private Path folder;

    private FakeRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry("robot", PASSWORD);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    /** As Jib writes them: the gzipped layer of a file, a configuration, and a list of both. */
    private Path images(String architecture) throws Exception {
        Path images = Files.createDirectories(folder.resolve(architecture));
        for (String program : List.of("operator", "proxy", "echo")) {
            Path image = Files.createDirectories(folder.resolve(architecture + "-" + program));
            Files.writeString(image.resolve("0a.tar.gz"), "the Java runtime for " + architecture);
            Files.writeString(image.resolve("0b.tar.gz"), program);
            Files.writeString(
                    image.resolve("config.json"), "{\"architecture\":\"" + architecture + "\",\"os\":\"linux\"}");
            Files.writeString(
                    image.resolve("manifest.json"),
                    "[{\"Config\":\"config.json\",\"RepoTags\":[\"a:b\"],\"Layers\":[\"0a.tar.gz\",\"0b.tar.gz\"]}]");
            assertThat(run(List.of(
                                    "tar",
                                    "-cf",
                                    images.resolve("wsroute-" + program + "-v1.tar")
                                            .toString(),
                                    "-C",
                                    image.toString(),
                                    "config.json",
                                    "manifest.json",
                                    "0a.tar.gz",
                                    "0b.tar.gz"))
                            .code())
                    .isZero();
        }
        return images;
    }

    private record Result(int code, String output) {}

    private Result push(String password, Path... images) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Repository.locate().get("deploy/images/push").toString(), registry.host() + "/acme", "v1"));
        for (Path one : images) {
            command.add(one.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("REGISTRY_USER", "robot");
        builder.environment().put("REGISTRY_PASSWORD", password);
        return run(builder);
    }

    private static Result run(List<String> command) throws Exception {
        return run(new ProcessBuilder(command));
    }

    private static Result run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output);
    }

    @Test
    void theImagesOfTwoMachinesBecomeOneIndex() throws Exception {
        Result first = push(PASSWORD, images("amd64"));
        assertThat(first.code()).as(first.output()).isZero();
        assertThat(registry.manifest("acme/proxy", "v1")).contains("amd64").doesNotContain("arm64");

        Result second = push(PASSWORD, images("arm64"));

        assertThat(second.code()).as(second.output()).isZero();
        String index = registry.manifest("acme/proxy", "v1");
        String image = registry.manifest("acme/proxy", "v1-arm64");
        assertThat(index)
                .contains("\"architecture\":\"amd64\"", "\"architecture\":\"arm64\"")
                .contains("\"digest\":\"" + FakeRegistry.digest(image.getBytes(StandardCharsets.UTF_8)) + "\"");
        assertThat(image)
                .contains("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip");
        assertThat(second.output())
                .contains(registry.host() + "/acme/proxy:v1@"
                        + FakeRegistry.digest(index.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatTheRegistryHasIsNotUploadedAgainAndTheDigestsStay() throws Exception {
        Path both = images("amd64");
        Result once = push(PASSWORD, both, images("arm64"));
        int uploads = registry.uploads();

        Result again = push(PASSWORD, both, folder.resolve("arm64"));

        assertThat(registry.uploads()).isEqualTo(uploads);
        assertThat(again).isEqualTo(once);
    }

    @Test
    void badCredentialsAndMissingImagesEndItWithASentence() throws Exception {
        Result refused = push("wrong", images("amd64"));
        Result missing = push(PASSWORD, folder);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output()).contains("gave no token for acme/operator").doesNotContain("wrong");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.output()).contains("run `make images VERSION=v1` first");
    }
}
