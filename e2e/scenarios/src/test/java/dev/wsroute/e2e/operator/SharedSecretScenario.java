// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A Secret that the operator fills for the proxies of route {@code chat}, which share it. */
abstract class SharedSecretScenario extends OperatorScenario {

    private final String secretName;
    private final String dataKey;
    private final String spec;

    /**
     * @param dataKey key of the value in the Secret's data
     * @param spec YAML of the route that makes the operator create the Secret
     */
    SharedSecretScenario(String secretName, String dataKey, String spec) {
        this.secretName = secretName;
        this.dataKey = dataKey;
        this.spec = spec;
    }

    /** Creates the route and returns the Secret. */
    Secret create() {
        chatService();
        apply("chat", spec);
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        return secret().get();
    }

    /** Creates a Secret of the same name that does not belong to the route. */
    Secret createForeign(String value) {
        return client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(secretName)
                        .endMetadata()
                        .addToData(dataKey, value)
                        .build())
                .create();
    }

    Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName(secretName);
    }

    /** The value, in base64. */
    String value() {
        return valueOf(secret().get());
    }

    String valueOf(Secret secret) {
        return secret.getData().get(dataKey);
    }

    /** Replaces all data of the Secret. */
    void replace(Map<String, String> data) {
        secret().edit(s -> new SecretBuilder(s).withData(data).build());
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Asserts that the Secret holds a value that proxies accept. */
    abstract void assertValid();

    /** Whether the proxies may read the Secret. */
    boolean mayReadIt() {
        return secretRules()
                .map(PolicyRule::getResourceNames)
                .anyMatch(names -> names.isEmpty() || names.contains(secretName));
    }

    /** Rules of the proxies' Role about Secrets. */
    Stream<PolicyRule> secretRules() {
        return client.rbac().roles().inNamespace(namespace).withName("chat-proxy").get().getRules().stream()
                .filter(rule -> rule.getResources().contains("secrets"));
    }

    @Test
    void neitherAnEditNorARestartOfTheOperatorRewritesIt() throws Exception {
        Secret made = create();

        edit("chat", yaml("chat", "    timeouts: {idle: 1h}\n" + spec));
        await().until(() -> config("chat").contains("\"idle\""));
        awaitQuiet();
        assertThat(secret().get()).isEqualTo(made);

        try (OperatorProgram second =
                OperatorProgram.start(kubeconfig, "--leader-election", "false", "--namespaces", namespace)) {
            await().until(() -> second.reconciliations() >= 1);

            assertThat(second.writeRequests()).isZero();
        }
        assertThat(secret().get()).isEqualTo(made);
    }

    @Test
    void itIsDeletedWithTheRoute() {
        create();

        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();

        await().until(() -> secret().get() == null);
    }

    @Test
    void oneThatWasDeletedIsReplacedByAnother() {
        Secret made = create();

        secret().delete();

        await().until(() -> secret().get() != null);
        assertValid();
        assertThat(value()).isNotEqualTo(valueOf(made));
    }

    @Test
    void aRemovedLabelIsRestoredAndTheDataIsKept() {
        Secret made = create();

        secret().edit(s -> new SecretBuilder(s)
                .editMetadata()
                .removeFromLabels("app.kubernetes.io/managed-by")
                .endMetadata()
                .build());

        await().untilAsserted(() -> assertThat(secret().get().getMetadata().getLabels())
                .isEqualTo(made.getMetadata().getLabels()));
        assertThat(secret().get().getData()).isEqualTo(made.getData());
        assertThat(secret().get().getMetadata().getUid())
                .isEqualTo(made.getMetadata().getUid());
    }
}
