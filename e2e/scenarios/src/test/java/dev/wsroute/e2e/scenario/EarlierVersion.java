// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/** The version before this one: what its users had, and its operator as built from the history of this clone. */
final class EarlierVersion {

    private static final String COMMIT = "601ee849";

    private EarlierVersion() {}

    /**
     * The objects of a file in resources/upgrade, as that version wrote them.
     *
     * @param uid of the route that owns them
     */
    static List<GenericKubernetesResource> objects(String file, String uid) throws IOException {
        try (InputStream in = EarlierVersion.class.getResourceAsStream("/upgrade/" + COMMIT + "/" + file)) {
            String yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Manifests.parse(yaml.replace("uid: UID", "uid: " + uid));
        }
    }

    /** A route as its users wrote it. */
    static GenericKubernetesResource route() throws IOException {
        return objects("route.yaml", "").get(0);
    }

    /**
     * Its deploy/install.yaml, with the image of {@link #buildOperator}.
     *
     * @throws TestAbortedException if this clone does not have its commit
     */
    static List<GenericKubernetesResource> installation() throws IOException, InterruptedException {
        Path root = Repository.locate().root();
        Process git = new ProcessBuilder("git", "show", COMMIT + ":deploy/install.yaml")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String yaml = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new TestAbortedException("this clone does not have commit " + COMMIT + ": skipped");
        }
        return Manifests.parse(yaml.replace("image: " + DevImages.OPERATOR, "image: " + DevImages.EARLIER_OPERATOR));
    }

    /** Builds its operator, unless an earlier run has done that. */
    static void buildOperator() throws IOException, InterruptedException {
        Path root = Repository.locate().root();
        ProcessBuilder build = new ProcessBuilder(
                        root.resolve("e2e/build-before").toString(),
                        COMMIT,
                        "operator",
                        root.resolve(DevImages.EARLIER_OPERATOR_JAR).toString())
                .inheritIO();
        // The Maven of this build, with its repository.
        build.environment().put("MVN", System.getProperty("wsroute.maven", "mvn -B"));
        int code = build.start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("e2e/build-before ended with " + code + ": its output says why");
        }
    }
}
