// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that users copy, except scheduling.yaml, which needs features of another cluster. */
@Scenario
class ExamplesIT {

    @ParameterizedTest
    @Tag("full")
    @ValueSource(
            strings = {
                "balancing.yaml",
                "behind-a-proxy.yaml",
                "canary.yaml",
                "lifecycle.yaml",
                "limits.yaml",
                "re-encryption.yaml",
                "routing.yaml",
                "session.yaml",
                "tls.yaml"
            })
    void proxiesTakeAnExampleAsItIs(String file, Space space) throws IOException {
        List<Route> routes = new Example(file).apply(space, ExamplesIT::withOneProxy);

        assertThat(routes).isNotEmpty();
        for (Route route : routes) {
            route.awaitCondition("Accepted", "True");
            route.awaitCondition("Programmed", "True");
            assertThat(route.awaitCondition("ResolvedRefs", "False").getMessage())
                    .contains("does not exist");
        }
    }

    private static ObjectNode withOneProxy(ObjectNode object) {
        object.withObject("/spec/proxy").put("replicas", 1);
        return object;
    }
}
