// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.config.TicketKeysConfig;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the operator's installed role with what the operator grants and writes. */
class InstalledClusterRoleTest {

    private static final Path FILE = Path.of("../deploy/kustomize/base/operator-role.yaml");

    /** With everything that a proxy reads. */
    private static final ProxyConfig CONFIG = ProxyConfig.named("apps/chat")
            .sessionKey(new SessionKeyConfig(new SecretRef("apps", "chat-proxy-session-key", "key"), null))
            .ticketKeys(TicketKeysConfig.ofSecret("apps", "chat-proxy-ticket-keys"))
            .listeners(List.of(new ListenerConfig(
                    "wss",
                    null,
                    443,
                    ListenerConfig.Protocol.HTTPS,
                    new ListenerTls(
                            List.of(CertificateSource.ofSecret("apps", "chat-tls")),
                            new ClientCertificates(null, List.of(CaCertificateSource.ofConfigMap("apps", "client-ca"))),
                            null,
                            null,
                            null))))
            .build();

    private final Set<String> held;

    InstalledClusterRoleTest() throws IOException {
        try (InputStream yaml = Files.newInputStream(FILE)) {
            ClusterRole role = new KubernetesSerialization().unmarshal(yaml);
            held = permissions(role.getRules());
        }
    }

    @Test
    void holdsAllPermissionsThatItGrantsToProxies() {
        assertThat(held).containsAll(permissions(ProxyRole.rules("chat", CONFIG)));
    }

    @Test
    void writesOnlyOwnedKindsPodsStatusAndEvents() {
        Set<String> written = held.stream()
                .filter(permission -> permission.matches("(create|patch|update|delete) .*"))
                .map(permission -> permission.substring(permission.indexOf(' ') + 1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(written)
                .containsExactlyInAnyOrder(
                        "/configmaps",
                        "/events",
                        "/pods",
                        "/secrets",
                        "/serviceaccounts",
                        "/services",
                        "apps/deployments",
                        "policy/poddisruptionbudgets",
                        "rbac.authorization.k8s.io/rolebindings",
                        "rbac.authorization.k8s.io/roles",
                        "wsroute.dev/websocketpolicies/status",
                        "wsroute.dev/websocketroutes/status");
    }

    /** An annotation of proxies; whoever may create or delete pods is almost an administrator. */
    @Test
    void mayNeitherCreateNorDeletePods() {
        assertThat(held)
                .filteredOn(permission -> permission.endsWith(" /pods"))
                .containsExactlyInAnyOrder("get /pods", "list /pods", "watch /pods", "patch /pods");
    }

    @Test
    void hasNoWildcardsAndCannotDeleteSecrets() {
        assertThat(held).noneMatch(permission -> permission.contains("*"));
        assertThat(held).doesNotContain("delete /secrets", "deletecollection /secrets", "update /secrets");
    }

    /** Such as {@code get apps/deployments}. Resource names are ignored: a permission for all names includes each. */
    private static Set<String> permissions(List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.getVerbs().stream()
                        .flatMap(verb -> rule.getApiGroups().stream()
                                .flatMap(group -> rule.getResources().stream()
                                        .map(resource -> verb + " " + group + "/" + resource))))
                .collect(Collectors.toSet());
    }
}
