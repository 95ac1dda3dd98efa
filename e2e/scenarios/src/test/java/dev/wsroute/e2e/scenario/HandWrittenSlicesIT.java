// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.RouteProgress;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Status and traffic agree for a Service without a selector whose slices are written by hand. */
@Scenario
class HandWrittenSlicesIT {

    @ParameterizedTest
    @CsvSource({
        "FQDN, example.internal, 8010, TCP, host names (1)",
        "IPv4, 192.0.2.7, 8010, UDP, ports that are not TCP (1)",
        "IPv4, 192.0.2.7, , TCP, ports without a number (1)",
        "IPv4, 192.0.2.7, 9901, TCP, the proxies' own ports (1)",
        "IPv6, fd00:ec2::254, 80, TCP, link-local addresses (1)"
    })
    void anUnusableEndpointIsNotReadyAndTheConditionGivesTheReason(
            String type, String address, @Nullable Integer port, String protocol, String why, Space space) {
        space.client()
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("hand")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("ws")
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        space.client()
                .resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("hand-1")
                        .addToLabels("kubernetes.io/service-name", "hand")
                        .endMetadata()
                        .withAddressType(type)
                        .addNewPort()
                        .withName("ws")
                        .withPort(port)
                        .withProtocol(protocol)
                        .endPort()
                        .addNewEndpoint()
                        .withAddresses(address)
                        .endEndpoint()
                        .build())
                .create();

        Route route = space.apply("hand", Spec.to("hand")).awaitReady();

        Condition condition = route.await(
                        "what is wrong",
                        current -> RouteProgress.condition(current, "BackendsAvailable")
                                .filter(now -> "UnusableEndpoints".equals(now.getReason()))
                                .isPresent())
                .currentCondition("BackendsAvailable")
                .orElseThrow();
        assertThat(condition.getStatus()).isEqualTo("False");
        assertThat(condition.getMessage()).contains(why);
        assertThat(route.get().getStatus().readyEndpoints()).isZero();
        assertThat(space.testClient().refusal(route.uri()).status()).isEqualTo(503);
    }
}
