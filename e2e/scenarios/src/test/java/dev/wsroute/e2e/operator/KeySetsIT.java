// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key sets that the operator fetches from an identity provider, and what the proxies get of them. */
class KeySetsIT extends OperatorScenario {

    @TempDir
    static Path folder;

    private static final List<String> FLAGS = new ArrayList<>();

    private KeyServer provider;

    @Override
    String[] prepare() throws IOException {
        super.prepare();
        try {
            provider = KeyServer.start(folder);
        } catch (Exception e) {
            throw new IOException(e);
        }
        FLAGS.addAll(List.of("--jwks-allowed-hosts", provider.host()));
        return FLAGS.toArray(String[]::new);
    }

    @AfterAll
    void stopProvider() {
        provider.close();
    }

    @BeforeEach
    void prepareNamespace() {
        chatService();
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("provider-ca")
                        .endMetadata()
                        .addToData("ca.crt", provider.authority())
                        .build())
                .create();
    }

    /** Others must not be asked for. */
    @AfterEach
    void deleteRoutes() {
        client.resources(WebSocketRoute.class).inNamespace(namespace).delete();
        await().until(() -> operator.metric("wsroute_operator_jwks_sets") == 0);
    }

    private void applySecured(String name) {
        applySecured(name, provider.uri(), ", caCertificateRefs: [{name: provider-ca}]");
    }

    private void applySecured(String name, String uri, String further) {
        client.resource(secured(name, uri, further)).create();
    }

    private String secured(String name, String uri, String further) {
        return """
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: %s}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                    access:
                      jwt:
                        providers:
                        - {name: login, algorithms: [ES256], jwks: {uri: "%s"%s}}
                """.formatted(name, namespace, uri, further);
    }

    private Resource<ConfigMap> map(String route) {
        return client.configMaps().inNamespace(namespace).withName(route + "-proxy-jwks");
    }

    /** What is published; empty if there is nothing. */
    private List<String> published(String route) {
        ConfigMap map = map(route).get();
        return map == null || map.getData() == null
                ? List.of()
                : List.copyOf(map.getData().values());
    }

    private void awaitPublished(String route, String kid) {
        await().untilAsserted(() -> assertThat(published(route)).containsExactly(KeyServer.set(kid)));
    }

    private void restartOperator() {
        operator.close();
        try {
            List<String> flags = new ArrayList<>(List.of("--leader-election", "false"));
            flags.addAll(FLAGS);
            operator = OperatorProgram.start(kubeconfig, flags.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSetIsFetchedOnceForAllRoutesAndPublishedToEach() {
        provider.answers(200, KeyServer.set("one"));
        int before = provider.requests();

        applySecured("chat");
        applySecured("other");
        awaitPublished("chat", "one");
        awaitPublished("other", "one");

        assertThat(provider.requests()).isEqualTo(before + 1);
        await().until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
        String key = map("chat").get().getData().keySet().iterator().next();
        assertThat(config("chat")).contains("chat-proxy-jwks", key).doesNotContain("localhost", "provider-ca");
        assertThat(client.rbac().roles().inNamespace(namespace).withName("chat-proxy").get().getRules().stream()
                        .filter(rule -> rule.getResourceNames().contains("chat-proxy-jwks"))
                        .map(PolicyRule::getVerbs))
                .containsExactly(List.of("list", "watch"));
        assertThat(owned(ConfigMap.class)).contains("chat-proxy-jwks", "other-proxy-jwks");
    }

    @Test
    void nothingBrokenReplacesAGoodSetNotEvenAfterARestart() {
        provider.answers(200, KeyServer.set("one"));
        applySecured("chat");
        awaitPublished("chat", "one");

        for (Map.Entry<Integer, String> broken : Map.of(
                        500, "down", 200, "{\"keys\":[]}", 404, KeyServer.set("no"), 302, KeyServer.set("no"))
                .entrySet()) {
            provider.answers(broken.getKey(), broken.getValue());
            int before = provider.requests();
            restartOperator();
            await().until(() -> provider.requests() > before);
            awaitQuiet();
            assertThat(published("chat")).containsExactly(KeyServer.set("one"));
        }

        provider.answers(200, KeyServer.set("two"));
        awaitPublished("chat", "two");
        await().until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
    }

    @Test
    void aTokenWithAnUnknownKeyHasTheSetFetchedAgain() {
        provider.answers(200, KeyServer.set("one"));
        applySecured("chat");
        awaitPublished("chat", "one");
        String key = map("chat").get().getData().keySet().iterator().next();

        provider.answers(200, KeyServer.set("two"));
        client.configMaps()
                .inNamespace(namespace)
                .withName("chat-proxy-report")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"data\":{\"chat-proxy-1-x\":\"{\\\"connections\\\":0,\\\"unknownKeys\\\":[\\\"" + key
                                + "\\\"]}\"}}");

        // The cool-down is a minute, the next refresh three at least.
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(published("chat")).containsExactly(KeyServer.set("two")));
    }

    @Test
    void whatCannotBeFetchedIsSaidAndHoldsUpNothingElse() {
        provider.answers(503, "");
        applySecured("down");
        applySecured("untrusted", provider.uri(), "");
        applySecured("forbidden", "https://kubernetes.default.svc:6443/", "");
        applySecured("authorities", provider.uri(), ", caCertificateRefs: [{name: absent}]");

        for (Map.Entry<String, String> sentence : Map.of(
                        "down", "the host answers with status 503.",
                        "untrusted", "its certificate is not from a trusted authority.",
                        "forbidden",
                                "only port 443 is allowed, unless the operator's flag --jwks-allowed-hosts names the host with its port.",
                        "authorities", "ConfigMap absent does not exist, or has no key ca.crt.")
                .entrySet()) {
            String route = sentence.getKey();
            await().untilAsserted(() -> assertThat(message(route, "ResolvedRefs"))
                    .startsWith("Rule main, provider login: https://")
                    .contains(": " + sentence.getValue())
                    .endsWith(" No key set is in force, so all tokens are refused."));
            assertThat(condition(route, "ResolvedRefs")).isEqualTo("KeySetUnavailable");
            awaitProgrammed(route, "NoReadyProxy");
            assertThat(published(route)).isEmpty();
        }
        assertThat(operator.metric("wsroute_operator_jwks_failing_sets")).isEqualTo(4);
    }

    @Test
    void aRouteThatIsNotAcceptedAnyMoreKeepsFreshSetsAndOneWithoutThemIsEmptied() {
        provider.answers(200, KeyServer.set("one"));
        applySecured("chat");
        awaitPublished("chat", "one");

        edit(
                "chat",
                secured("chat", provider.uri(), ", caCertificateRefs: [{name: provider-ca}]")
                        + "  proxy: {image: evil}\n");
        await().until(() -> condition("chat", "Accepted").equals("NotAllowed"));
        provider.answers(200, KeyServer.set("two"));
        restartOperator();
        awaitPublished("chat", "two");

        edit("chat", yaml("chat", ""));
        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"proxy\":{\"image\":null}}}");
        await().until(() -> published("chat").isEmpty());
    }
}
