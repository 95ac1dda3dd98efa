// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.cluster.api.access.Access;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An operator of {@code --namespaces} whose role is bound in these namespaces and in no other, as in
 * {@code deploy/kustomize/overlays/namespaced}.
 */
class NamespacedOperatorIT extends OperatorScenario {

    private static final String SECURED = "    sessionPersistence: {type: Cookie, sessionName: s}\n"
            + "  proxy: {listeners: [{name: wss, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: chat-tls}]}}]}\n";

    private List<String> served = List.of();

    @Override
    String[] prepare() throws IOException {
        for (var object : installed("rbac.authorization.k8s.io/v1")) {
            if (!object.getKind().equals("ClusterRoleBinding")) {
                client.resource(object).create();
            }
        }
        ownNamespace();
        String first = namespace;
        ownNamespace();
        served = List.of(first, namespace);
        served.forEach(this::bindHere);
        return new String[] {"--namespaces", String.join(",", served)};
    }

    private void bindHere(String target) {
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withNamespace(target)
                        .withName("wsroute-operator")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "wsroute-operator")
                        .addNewSubject("", "ServiceAccount", "wsroute-operator", "wsroute-system")
                        .build())
                .create();
    }

    @Test
    void routesAreServedInTheseNamespacesWithoutAnyRightElsewhere() {
        String elsewhere = namespace;
        chatService();
        apply("chat", SECURED);
        for (String one : served) {
            namespace = one;
            chatService();
            apply("chat", SECURED);
        }

        for (String one : served) {
            namespace = one;
            awaitProgrammed("chat", "NoReadyProxy");
            assertThat(owned(Secret.class))
                    .containsExactlyInAnyOrder("chat-proxy-session-key", "chat-proxy-ticket-keys");
            edit("chat", yaml("chat", "    timeouts: {idle: 17m}\n" + SECURED));
            await().until(() -> config("chat").contains("17m"));
            client.secrets()
                    .inNamespace(namespace)
                    .withName("chat-proxy-session-key")
                    .delete();
            await().until(() -> owned(Secret.class).size() == 2);
        }

        assertThat(namespacesOf(cluster.api().authorizer().allowed().stream()
                        .filter(access -> !access.name().equals("wsroute-limits"))))
                .as("where it listed, watched, read and wrote, other than the limits of routes")
                .containsExactlyInAnyOrderElementsOf(served);
        namespace = elsewhere;
        assertThat(route("chat").getStatus()).isNull();
    }

    @Test
    void aBackendInANamespaceThatIsNotServedIsNotPermitted() {
        String elsewhere = namespace;
        chatService();
        namespace = served.get(0);
        client.resource(Serialization.unmarshal(
                        yaml("far", "").replace("port: ws}", "port: ws}\n      namespace: " + elsewhere),
                        WebSocketRoute.class))
                .create();

        await().until(() -> condition("far", "ResolvedRefs").equals("RefNotPermitted"));
        assertThat(message("far", "ResolvedRefs"))
                .isEqualTo("Service " + elsewhere + "/chat is in namespace " + elsewhere
                        + ", which this operator does not serve: see its flag --namespaces.");
    }

    @Test
    void aCheckSaysWhetherItMayListWhatItWatches() throws Exception {
        try (OperatorProgram check =
                OperatorProgram.launch(kubeconfig, "--check", "--namespaces", String.join(",", served))) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.log()).contains("the CRD is installed").contains(served);
        }
        Path stranger = cluster.directory().resolve("stranger");
        cluster.api().writeKubeconfig(stranger, "default", "stranger");
        try (OperatorProgram check = OperatorProgram.launch(stranger, "--check")) {
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.log()).contains("the operator is not allowed to list websocketroutes");
        }
    }

    private static Set<String> namespacesOf(Stream<Access> accesses) {
        return accesses.map(Access::namespace).collect(Collectors.toSet());
    }
}
