// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.identity.KeyServer;
import dev.wsroute.e2e.identity.SigningKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
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

    private static final String ONE = SigningKey.set(SigningKey.named("one"));
    private static final String TWO = SigningKey.set(SigningKey.named("two"));

    private KeyServer provider;

    @Override
    String[] prepare() throws IOException {
        super.prepare();
        try {
            provider = KeyServer.start(folder);
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new String[] {"--jwks-allowed-hosts", provider.host()};
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
        writeObjects();
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

    private void awaitPublished(String route, String set) {
        await().untilAsserted(() -> assertThat(published(route)).containsExactly(set));
    }

    @Test
    void aSetIsFetchedOnceForAllRoutesAndPublishedToEach() {
        provider.answers(200, ONE);
        int before = provider.requests();

        applySecured("chat");
        applySecured("other");
        awaitPublished("chat", ONE);
        awaitPublished("other", ONE);

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
    void nothingBrokenReplacesAGoodSetNotEvenAfterARestart() throws IOException {
        provider.answers(200, ONE);
        applySecured("chat");
        awaitPublished("chat", ONE);

        for (Map.Entry<Integer, String> broken :
                Map.of(500, "down", 200, "{\"keys\":[]}", 404, TWO, 302, TWO).entrySet()) {
            provider.answers(broken.getKey(), broken.getValue());
            int before = provider.requests();
            restartOperator();
            await().until(() -> provider.requests() > before);
            awaitQuiet();
            assertThat(published("chat")).containsExactly(ONE);
        }

        provider.answers(200, TWO);
        awaitPublished("chat", TWO);
        await().until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
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
    void aRouteThatIsNotAcceptedAnyMoreKeepsFreshSetsAndOneWithoutThemIsEmptied() throws IOException {
        provider.answers(200, ONE);
        applySecured("chat");
        awaitPublished("chat", ONE);

        edit(
                "chat",
                secured("chat", provider.uri(), ", caCertificateRefs: [{name: provider-ca}]")
                        + "  proxy: {image: evil}\n");
        await().until(() -> condition("chat", "Accepted").equals("NotAllowed"));
        provider.answers(200, TWO);
        restartOperator();
        awaitPublished("chat", TWO);

        edit("chat", yaml("chat", ""));
        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"proxy\":{\"image\":null}}}");
        await().until(() -> published("chat").isEmpty());
    }
}
