// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.ForeignServices;
import dev.wsroute.operator.compile.GrantRef;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.golden.GoldenFolder;
import dev.wsroute.operator.jwks.PublishedSets;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Renders the owned objects of the route of each folder. */
class RenderGoldenTest {

    private static final List<OwnedResource<? extends HasMetadata>> RESOURCES = List.of(
            new ProxyConfigMap(),
            new ProxyReportMap(),
            new ProxyServiceAccount(),
            new ProxyRole(),
            new ProxyRoleBinding(),
            new ProxyDeployment(),
            new ProxyService(),
            new ProxyDisruptionBudget());

    private static final SessionKeyValue SESSION_KEY =
            new SessionKeyValue("a2V5IGtleSBrZXkga2V5IGtleSBrZXkga2V5IGtleSE=");
    private static final TicketKeysValue TICKET_KEYS =
            new TicketKeysValue(List.of("a2V5IDE=", "a2V5IDI=", "a2V5IDM="), Instant.parse("2026-01-02T03:04:05Z"));

    @TestFactory
    Stream<DynamicTest> rendersAsRecorded() throws IOException {
        return GoldenFolder.tests("resources", RenderGoldenTest::check);
    }

    private static void check(GoldenFolder golden) {
        WebSocketRoute route = golden.in("in-route.yaml", WebSocketRoute.class);
        Compiled compiled =
                (Compiled) RouteCompiler.compile(route, name -> Optional.<Service>empty(), foreign(golden), Map.of());
        boolean sessions = compiled.config().sessionKey() != null;
        boolean tickets = compiled.config().ticketKeys() != null;
        ProxyModel model = ProxyModel.of(
                route,
                ProxyModel.replicas(route.getSpec().proxy()),
                compiled,
                "wsroute/proxy:test",
                Set.of(),
                new DiscoveryState(Set.of(), true),
                new SharedSecrets(sessions ? SESSION_KEY : null, tickets ? TICKET_KEYS : null),
                published(compiled.keySets()));

        List<OwnedResource<? extends HasMetadata>> resources = new ArrayList<>(RESOURCES);
        if (sessions) {
            resources.add(new ProxySessionKey());
        }
        if (tickets) {
            resources.add(new ProxyTicketKeys());
        }
        if (!compiled.keySets().isEmpty()) {
            resources.add(new ProxyKeySets());
        }
        for (OwnedResource<? extends HasMetadata> resource : resources) {
            HasMetadata object = resource.render(model);
            assertThat(object.getMetadata().getName())
                    .isEqualTo(resource.nameFor(route.getMetadata().getName()));
            golden.out("out-" + file(object) + ".yaml", Serialization.asYaml(object));
        }
        compiled.headlessServices().forEach(service -> {
            HasMetadata object = BackendDiscoveryServices.render(model, service);
            golden.out("out-" + file(object) + ".yaml", Serialization.asYaml(object));
        });
        backendRights(golden, route, compiled);
    }

    /** The first set was fetched. */
    private static PublishedSets published(List<KeySetNeed> needs) {
        return needs.isEmpty()
                ? PublishedSets.NONE
                : new PublishedSets(
                        new TreeMap<>(Map.of(needs.get(0).key(), "{\"keys\":[…]}")),
                        "the notes",
                        List.of(),
                        Optional.empty());
    }

    /** Every Service of another namespace exists and is permitted by two grants. */
    private static ForeignServices foreign(GoldenFolder golden) {
        List<Service> services = golden.all("in-foreign-service", Service.class);
        return (namespace, name) -> new ForeignServices.Lookup.Permitted(
                services.stream()
                        .filter(service -> service.getMetadata().getName().equals(name))
                        .findFirst(),
                Set.of(
                        new GrantRef("gateway.networking.k8s.io/v1", "second", "uid-2"),
                        new GrantRef("gateway.networking.k8s.io/v1", "first", "uid-1")));
    }

    private static void backendRights(GoldenFolder golden, WebSocketRoute route, Compiled compiled) {
        compiled.grantedNamespaces().forEach((namespace, grants) -> {
            BackendRights rights = new BackendRights(
                    namespace,
                    route.getMetadata().getNamespace(),
                    route.getMetadata().getName(),
                    grants);
            for (HasMetadata object : List.of(rights.role(), rights.binding())) {
                golden.out("out-" + namespace + "-" + file(object) + ".yaml", Serialization.asYaml(object));
                assertThat(rights.isAsDesired(Serialization.clone(object))).isTrue();
            }
        });
    }

    private static String file(HasMetadata object) {
        return object.getKind().toLowerCase(Locale.ROOT) + "-"
                + object.getMetadata().getName();
    }
}
