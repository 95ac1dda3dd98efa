// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The operator restores what it owns, and nothing else. */
@Scenario
class OwnershipIT {

    @Test
    void aChangedServiceIsRepairedAndADeletedOneIsRecreated(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Resource<Service> service = service(space, route);

        redirect(service);
        awaitOwnTarget(service);

        String uid = service.require().getMetadata().getUid();
        service.delete();
        await("a new Service")
                .untilAsserted(() -> assertThat(service.get())
                        .isNotNull()
                        .satisfies(found ->
                                assertThat(found.getMetadata().getUid()).isNotEqualTo(uid)));
        route.awaitReady();
    }

    @Test
    void aDeletedDeploymentIsRecreated(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();

        space.client()
                .apps()
                .deployments()
                .inNamespace(space.namespace())
                .withName(route.proxyName())
                .delete();

        await("a new proxy").untilAsserted(() -> {
            assertThat(route.proxies()).hasSize(1).allMatch(EchoBackend::isReady);
            assertThat(space.fleet(route.uri()).grow(1)).hasSize(1);
        });
    }

    @Test
    @DisplayName("I1, I8: what the proxies read and write comes back when it is deleted, and costs no connection")
    void deletedConfigurationReportsAndRightsComeBack(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 10);
        Map<String, List<Integer>> restarts = route.restarts();
        KubernetesClient client = space.client();
        List<Resource<? extends HasMetadata>> deleted = List.of(
                client.configMaps().inNamespace(space.namespace()).withName(route.proxyName() + "-config"),
                client.configMaps().inNamespace(space.namespace()).withName(route.proxyName() + "-report"),
                client.rbac().roles().inNamespace(space.namespace()).withName(route.proxyName()));
        List<String> uids = deleted.stream()
                .map(resource -> resource.require().getMetadata().getUid())
                .toList();

        deleted.forEach(Resource::delete);

        await("all three again")
                .untilAsserted(() -> assertThat(deleted)
                        .allSatisfy(resource -> assertThat(resource.get())
                                .isNotNull()
                                .satisfies(found ->
                                        assertThat(found.getMetadata().getUid()).isNotIn(uids))));
        route.apply(Spec.to("chat").replicas(2).idle("1h"));
        route.awaitReady();
        assertThat(route.get().getStatus().proxies().programmed()).isEqualTo(2);
        assertThat(client.configMaps()
                        .inNamespace(space.namespace())
                        .withName(route.proxyName() + "-report")
                        .require()
                        .getData())
                .containsOnlyKeys(route.proxyNames());
        assertThat(route.restarts()).isEqualTo(restarts);
        Closes.assertNone(fleet.members());
    }

    @Test
    void fieldsOfOthersAreLeftAlone(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Resource<Service> service = service(space, route);

        service.patch(
                new PatchContext.Builder()
                        .withPatchType(PatchType.JSON_MERGE)
                        .withFieldManager("somebody")
                        .build(),
                "{\"metadata\": {\"annotations\": {\"mesh.example.com/mode\": \"on\"}, \"labels\": {\"team\": \"a\"}}}");
        route.apply(Spec.to("chat").idle("1h"));
        route.awaitReady();
        redirect(service);
        awaitOwnTarget(service);
        assertThat(service.require().getMetadata().getAnnotations()).containsEntry("mesh.example.com/mode", "on");
        assertThat(service.require().getMetadata().getLabels()).containsEntry("team", "a");
    }

    @Test
    void aForeignObjectOfTheSameNameIsReportedAndNotOverwritten(Space space) {
        space.backend("chat", 1);
        Service foreign = new ServiceBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withNamespace(space.namespace())
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", "somebody-elses")
                .addNewPort()
                .withPort(4711)
                .endPort()
                .endSpec()
                .build();
        space.client().resource(foreign).create();

        Route route = space.apply("chat", Spec.to("chat"));

        assertThat(route.awaitCondition("Ready", "False").getMessage()).contains("chat-proxy");
        Awaiting.quiet(
                Duration.ofSeconds(3),
                () -> assertThat(service(space, route).require().getSpec().getPorts())
                        .extracting(port -> port.getPort())
                        .containsExactly(4711));

        service(space, route).delete();
        route.awaitReady();
    }

    @Test
    void nothingIsWrittenWhileNothingChangesNorWhenEndpointsDo(Space space) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 5);
        Map<String, String> before = writes(space, route);

        Awaiting.quiet(
                Duration.ofSeconds(5), () -> assertThat(writes(space, route)).isEqualTo(before));
        backend.scale(3).awaitReady(3);
        route.await(
                "three endpoints in the status", current -> current.getStatus().readyEndpoints() == 3);

        assertThat(writes(space, route)).isEqualTo(before);
        Closes.assertNone(fleet.members());
    }

    /** A careless edit of a Service. */
    private static void redirect(Resource<Service> service) {
        service.patch(PatchContext.of(PatchType.JSON), """
                [{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 4711},
                 {"op": "replace", "path": "/spec/selector/app.kubernetes.io~1instance", "value": "another"}]""");
    }

    private static void awaitOwnTarget(Resource<Service> service) {
        await("the operator's fields as they were").untilAsserted(() -> {
            ServiceSpec spec = service.require().getSpec();
            assertThat(spec.getSelector()).containsEntry("app.kubernetes.io/instance", "chat");
            assertThat(spec.getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getTargetPort()).isNotEqualTo(new IntOrString(4711)));
        });
    }

    private static Resource<Service> service(Space space, Route route) {
        return space.client().services().inNamespace(space.namespace()).withName(route.proxyName());
    }

    /** What the operator wrote last, and when, by object. Controllers write the status of the same objects. */
    private static Map<String, String> writes(Space space, Route route) {
        KubernetesClient client = space.client();
        String namespace = space.namespace();
        String name = route.proxyName();
        Stream<HasMetadata> objects = Stream.of(
                client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .require(),
                client.services().inNamespace(namespace).withName(name).require(),
                client.configMaps()
                        .inNamespace(namespace)
                        .withName(name + "-config")
                        .require(),
                client.serviceAccounts().inNamespace(namespace).withName(name).require(),
                client.rbac().roles().inNamespace(namespace).withName(name).require(),
                client.rbac()
                        .roleBindings()
                        .inNamespace(namespace)
                        .withName(name)
                        .require(),
                client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(namespace)
                        .withName(name)
                        .require());
        Map<String, String> writes = new TreeMap<>();
        objects.forEach(object -> writes.put(
                object.getKind() + " " + object.getMetadata().getName(),
                object.getMetadata().getManagedFields().stream()
                        .filter(entry -> "wsroute-operator".equals(entry.getManager()))
                        .filter(entry -> entry.getSubresource() == null
                                || entry.getSubresource().isEmpty())
                        .map(entry -> entry.getTime() + " " + entry.getFieldsV1())
                        .collect(Collectors.joining())));
        assertThat(writes.values()).allSatisfy(write -> assertThat(write).isNotEmpty());
        return writes;
    }
}
