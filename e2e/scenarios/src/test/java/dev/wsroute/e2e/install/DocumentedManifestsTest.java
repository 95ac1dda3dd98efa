// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API accepts all manifests that users apply: the examples, the installation, and those in the documents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedManifestsTest {

    private static final Path CERT_MANAGER = Path.of("src/test/resources/cert-manager-crds.yaml");

    private static final Path KEDA = Path.of("src/test/resources/keda-crds.yaml");

    private static final Path GRANTS = Path.of("src/test/resources/reference-grants-crd.yaml");

    private StrictApi api;

    @BeforeAll
    void start() throws IOException {
        api = new StrictApi();
        api.install(CERT_MANAGER);
        api.install(KEDA);
        api.install(GRANTS);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void isAcceptedWithEveryFieldKnown(Manifest manifest) {
        api.provideNamespaceOf(manifest.object());

        var applied = api.apply(manifest.object());

        assertThat(applied.getMetadata().getUid()).isNotEmpty();
    }

    @Test
    void proxiesAcceptTheFilesInTheDocuments() throws InvalidConfigException {
        Map<String, String> configs =
                Manifest.proxyConfigs(Repository.locate().root().resolve("docs"));

        assertThat(configs.keySet()).anyMatch(place -> place.startsWith("tls.md"));
        for (Map.Entry<String, String> config : configs.entrySet()) {
            assertThat(new ProxyConfigParser().parse(config.getValue(), true).warnings())
                    .as(config.getKey())
                    .isEmpty();
        }
    }

    static List<Manifest> manifests() {
        Path root = Repository.locate().root();
        return Manifest.in(
                root.resolve("deploy/install.yaml"),
                root.resolve("deploy/examples"),
                root.resolve("deploy/gitops"),
                root.resolve("deploy/kustomize/network-policies/network-policy.yaml"),
                root.resolve("docs"),
                root.resolve("README.md"));
    }
}
