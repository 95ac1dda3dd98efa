// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A tenant cannot harm other tenants or the operator from its own namespace. */
class HostileTenantIT extends OperatorScenario {

    private static final int GOOD = 50;
    private static final int MEGABYTE = 1_000_000;
    private static final Duration LONG = Duration.ofSeconds(90);

    private final Random random = new Random(7);

    @Test
    void twentyHostileRoutesAndAFloodOfObjectsKeepNoOtherRouteWaiting() throws Exception {
        String hostile = namespace;
        flood(hostile);
        List<WebSocketRoute> bad = hostileRoutes(hostile);
        bad.forEach(route -> client.resource(route).create());
        ownNamespace();
        String good = namespace;
        chatService();

        IntStream.range(0, GOOD).forEach(i -> apply("good" + i, ""));

        await().untilAsserted(() -> assertThat(accepted(good)).hasSize(GOOD));
        await().untilAsserted(() -> assertThat(
                        client.configMaps().inNamespace(good).list().getItems())
                .hasSize(2 * GOOD));
        await().atMost(LONG).untilAsserted(() -> assertThat(judged(hostile)).hasSize(bad.size()));
        assertThat(accepted(hostile)).containsExactlyInAnyOrder("wide0", "wide1", "wide2", "wide3", "ballast");
        assertThat(operator.reconciliations()).isPositive();

        // A new operator lists everything at once.
        try (OperatorProgram second = OperatorProgram.start(kubeconfig, "--leader-election", "false")) {
            await().atMost(LONG).until(() -> second.reconciliations() >= GOOD);

            edit("good7", yaml("good7", "    timeouts: {idle: 17m}\n"));
            await().until(() -> config("good7").contains("17m"));
        }
    }

    @Test
    void aReportOfThousandsOfKeysCostsAHandfulOfRequests() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        long before = operator.requests();
        Map<String, String> keys = new TreeMap<>();
        for (int i = 0; i < 4000; i++) {
            keys.put("chat-proxy-" + i, "{\"refused\":{\"reason\":\"r" + i + "\\r\\nforged\"}}");
            keys.put("other-" + i, "[".repeat(100));
        }

        client.configMaps()
                .inNamespace(namespace)
                .withName("chat-proxy-report")
                .edit(map -> new ConfigMapBuilder(map).withData(keys).build());

        // The condition soon disappears, since the operator cleans up the report. The Event stays.
        await().until(() -> events().containsKey("ConfigRefused"));
        await().atMost(LONG)
                .until(() -> Optional.ofNullable(client.configMaps()
                                .inNamespace(namespace)
                                .withName("chat-proxy-report")
                                .get()
                                .getData())
                        .orElse(Map.of())
                        .isEmpty());
        assertThat(operator.requests() - before).isLessThan(300);
    }

    @Test
    void objectsOfAFormerVersionAreFoundAndNothingIsMadeTwice() throws Exception {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        List<Class<? extends HasMetadata>> kinds = OWNED;
        Map<String, String> uids = uids(kinds);
        for (Class<? extends HasMetadata> kind : kinds) {
            client.resources(kind).inNamespace(namespace).list().getItems().stream()
                    .filter(object -> uids.containsKey(key(object)))
                    .forEach(object -> client.resource(object).edit(this::withoutOurLabel));
        }

        try (OperatorProgram next =
                OperatorProgram.start(kubeconfig, "--leader-election", "false", "--namespaces", namespace)) {
            await().until(() -> next.reconciliations() >= 1);

            await().untilAsserted(() -> assertThat(kinds)
                    .allSatisfy(kind -> assertThat(client.resources(kind)
                                    .inNamespace(namespace)
                                    .withLabel("wsroute.dev/route", "chat")
                                    .list()
                                    .getItems())
                            .hasSameSizeAs(owned(kind))));
        }
        assertThat(uids(kinds)).isEqualTo(uids);
    }

    /** Objects with the operator's labels, of every kind that tenants may create, and slices with the labels of Services. */
    private void flood(String in) {
        for (int i = 0; i < 80; i++) {
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace(in)
                            .withName("junk" + i)
                            .addToLabels("app.kubernetes.io/managed-by", "wsroute")
                            .addToLabels("wsroute.dev/route", "junk" + i)
                            .endMetadata()
                            .addToData("proxy-config.json", noise(MEGABYTE))
                            .build())
                    .create();
        }
        for (int i = 0; i < 500; i++) {
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace(in)
                            .withName("small" + i)
                            .addToLabels("wsroute.dev/route", "small" + i)
                            .endMetadata()
                            .addToData("a", noise(15_000))
                            .build())
                    .create();
        }
        for (int i = 0; i < 20; i++) {
            EndpointSliceBuilder slice = new EndpointSliceBuilder()
                    .withNewMetadata()
                    .withNamespace(in)
                    .withName("slice" + i)
                    .addToLabels("kubernetes.io/service-name", "chat")
                    .addToAnnotations("a", noise(100_000))
                    .endMetadata()
                    .withAddressType("IPv4");
            for (int k = 0; k < 1000; k++) {
                slice.addNewEndpoint()
                        .withAddresses("10.1." + k / 250 + "." + k % 250)
                        .endEndpoint();
            }
            client.resource(slice.build()).create();
        }
    }

    private List<WebSocketRoute> hostileRoutes(String in) {
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            expressions.add("((((a{9}){9}){9}){9}){9}" + i);
            expressions.add("(".repeat(400) + "a" + ")".repeat(400) + i);
            expressions.add("(\\\\pL{99}\\\\PN{99}){99}" + i);
        }
        List<WebSocketRoute> routes = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            routes.add(route(in, "bomb" + i, "", matches(expressions.get(i))));
        }
        routes.add(route(in, "many0", "", many("a{200}")));
        routes.add(route(in, "many1", "", many("(?:ab?){90}")));
        routes.add(route(in, "many2", "", many("[a-z]{999}")));
        for (int i = 0; i < 4; i++) {
            routes.add(route(in, "wide" + i, noise(MEGABYTE / 4), matches("/a")));
        }
        routes.add(route(in, "ballast", noise(MEGABYTE / 5), matches("/b")));
        return routes;
    }

    private static String matches(String expression) {
        return "matches: [{path: {type: RegularExpression, value: '" + expression.replace("\\\\", "\\") + "'}}]";
    }

    /** Each is within the bound, but together they are far above it. */
    private static String many(String expression) {
        return IntStream.range(0, 64)
                .mapToObj(i -> "{path: {type: RegularExpression, value: '"
                        + (expression + "/").repeat(expression.startsWith("[") ? 1 : 9) + i + "'}}")
                .collect(Collectors.joining(", ", "matches: [", "]"));
    }

    private static WebSocketRoute route(String in, String name, String annotation, String matches) {
        String rules = IntStream.range(0, name.startsWith("many") ? 16 : 1)
                .mapToObj(i -> "  - name: r" + i + "\n    " + matches
                        + "\n    backendRefs: [{service: {name: x, port: 80}}]\n")
                .collect(Collectors.joining());
        WebSocketRoute route = Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: %s}
                spec:
                  proxy: {replicas: 0}
                  rules:
                """.formatted(name, in) + rules, WebSocketRoute.class);
        if (!annotation.isEmpty()) {
            route.getMetadata().setAnnotations(Map.of("a", annotation));
        }
        return route;
    }

    /** Text that does not compress. */
    private String noise(int length) {
        return random.ints(length, '0', 'z' + 1)
                .map(c -> c == '\\' ? '_' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private List<String> accepted(String in) {
        return names(in, "True");
    }

    private List<String> judged(String in) {
        List<String> all = new ArrayList<>(names(in, "True"));
        all.addAll(names(in, "False"));
        return all;
    }

    private List<String> names(String in, String status) {
        return client.resources(WebSocketRoute.class).inNamespace(in).list().getItems().stream()
                .filter(route -> route.getStatus() != null
                        && route.getStatus().conditions().stream()
                                .filter(c -> c.getType().equals("Accepted"))
                                .map(Condition::getStatus)
                                .anyMatch(status::equals))
                .map(route -> route.getMetadata().getName())
                .toList();
    }

    private Map<String, String> uids(List<Class<? extends HasMetadata>> kinds) {
        Map<String, String> uids = new TreeMap<>();
        for (Class<? extends HasMetadata> kind : kinds) {
            client.resources(kind).inNamespace(namespace).list().getItems().stream()
                    .filter(object -> !object.getMetadata().getOwnerReferences().isEmpty())
                    .forEach(
                            object -> uids.put(key(object), object.getMetadata().getUid()));
        }
        return uids;
    }

    private static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private <T extends HasMetadata> T withoutOurLabel(T object) {
        object.getMetadata().getLabels().remove("wsroute.dev/route");
        return object;
    }
}
