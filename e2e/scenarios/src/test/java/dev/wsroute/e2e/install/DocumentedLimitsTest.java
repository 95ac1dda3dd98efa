// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.operator.limits.CurrentLimits;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The routes of the examples and the documents are allowed by default, or by the limits that the operations guide shows; then
 * their file says that they need them.
 */
class DocumentedLimitsTest {

    private static final Path ROOT = Repository.locate().root();

    static List<Manifest> routes() {
        return documented("WebSocketRoute");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void areAllowedByDefaultOrSayThatTheyNeedLimits(Manifest manifest) throws IOException {
        CurrentLimits limits = new CurrentLimits("wsroute-system", "wsroute-limits");
        WebSocketRoute route = Serialization.unmarshal(Serialization.asJson(manifest.object()), WebSocketRoute.class);
        if (limits.problems(route).isEmpty()) {
            return;
        }
        List<Manifest> shown = documented("ConfigMap").stream()
                .filter(map -> map.object().getMetadata().getName().equals("wsroute-limits"))
                .toList();
        assertThat(shown).hasSize(1);

        limits.observe(Serialization.unmarshal(Serialization.asJson(shown.get(0).object()), ConfigMap.class));

        assertThat(limits.isFaulty()).isFalse();
        assertThat(limits.problems(route)).isEmpty();
        assertThat(Files.readString(manifest.source()))
                .containsPattern("Limits of routes|operations\\.md#limits-of-routes");
    }

    private static List<Manifest> documented(String kind) {
        return Manifest.in(ROOT.resolve("deploy/examples"), ROOT.resolve("docs"), ROOT.resolve("README.md")).stream()
                .filter(manifest -> manifest.object().getKind().equals(kind))
                .toList();
    }
}
