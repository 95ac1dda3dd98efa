// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.e2e.cluster.api.access.Access;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ServiceAccounts may do what their roles allow, and administrators everything. */
class RoleAuthorizerTest extends ApiUnderTest {

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("test")
            .withForce(true)
            .build();

    @TempDir
    private Path folder;

    private KubernetesClient sampler;

    @BeforeEach
    void bindRoles() throws IOException {
        create("Role", "sampler", """
                rules:
                - {apiGroups: [""], resources: [configmaps], resourceNames: [mine], verbs: [get, list, watch, patch, create]}
                - {apiGroups: [""], resources: [pods], verbs: [list]}
                - {apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [create, patch]}
                """);
        create("RoleBinding", "sampler", """
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sampler}
                subjects: [{kind: ServiceAccount, namespace: default, name: sampler}]
                """);
        Path kubeconfig = folder.resolve("kubeconfig");
        api.writeKubeconfig(kubeconfig, "default", "sampler");
        sampler = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    @AfterEach
    void closeClient() {
        sampler.close();
    }

    @Test
    void whatTheRoleNamesIsAllowedAndWhatItDoesNotNameIsNot() {
        client.resource(configMap("mine", "a", "1")).create();
        client.resource(configMap("yours", "a", "1")).create();

        assertThat(sampler.configMaps().withName("mine").get()).isNotNull();
        assertThat(sampler.configMaps()
                        .withField("metadata.name", "mine")
                        .list()
                        .getItems())
                .hasSize(1);
        assertForbidden(() -> sampler.configMaps().withName("yours").get());
        assertForbidden(() -> sampler.configMaps().list());
        assertForbidden(() -> sampler.configMaps().withName("mine").delete());
        assertForbidden(() -> sampler.secrets().withName("mine").get());
    }

    @Test
    void aRoleCountsInItsNamespaceOnly() {
        assertThat(sampler.pods().list().getItems()).isEmpty();
        assertForbidden(() -> sampler.pods().inNamespace("kube-system").list());
        assertForbidden(() -> sampler.pods().inAnyNamespace().list());
    }

    @Test
    void applyingWhatDoesNotExistNeedsTheRightToCreateIt() {
        ConfigMap mine = configMap("mine", "a", "1");
        sampler.resource(mine).patch(APPLY);
        assertThat(api.authorizer().allowed()).contains(access("patch", "mine"), access("create", "mine"));

        client.rbac().roles().withName("sampler").edit(role -> {
            role.getRules().get(0).getVerbs().remove("create");
            return role;
        });
        sampler.resource(mine).patch(APPLY);
        client.resource(mine).delete();
        assertForbidden(() -> sampler.resource(mine).patch(APPLY));
        assertThat(api.authorizer().refused()).contains(access("create", "mine"));
    }

    @Test
    void withoutARoleInItsOwnNamespaceNothingIsRecordedAsRefused() {
        HasMetadata elsewhere = object("RoleBinding", "sampler", """
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sampler}
                subjects: [{kind: ServiceAccount, namespace: default, name: sampler}]
                """);
        elsewhere.getMetadata().setNamespace("kube-system");
        Role role = role("sampler", "");
        role.getMetadata().setNamespace("kube-system");
        client.resource(role).create();
        client.resource(elsewhere).create();
        client.rbac().roles().inNamespace("default").withName("sampler").delete();

        assertForbidden(() -> sampler.configMaps().withName("mine").get());

        assertThat(api.authorizer().refused()).isEmpty();
    }

    @Test
    void nobodyGrantsWhatTheyDoNotHold() {
        assertThatCode(() -> sampler.resource(role("held", "resourceNames: [mine], "))
                        .create())
                .doesNotThrowAnyException();
        assertForbidden(() -> sampler.resource(role("wider", "")).create());
        assertForbidden(() ->
                sampler.resource(role("other", "resourceNames: [yours], ")).patch(APPLY));
    }

    @Test
    void nobodyBindsARoleThatHoldsMoreThanTheyDo() {
        client.resource(role("wider", "")).create();
        HasMetadata binding = object("RoleBinding", "up", """
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: wider}
                subjects: [{kind: ServiceAccount, namespace: default, name: sampler}]
                """);

        assertForbidden(() -> sampler.resource(binding).create());
    }

    @Test
    void anUnknownTokenIsRefused() {
        Config config = new io.fabric8.kubernetes.client.ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withOauthToken("made up")
                .build();
        try (KubernetesClient stranger =
                new KubernetesClientBuilder().withConfig(config).build()) {
            assertThatThrownBy(() -> stranger.pods().inNamespace("default").list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(401));
        }
    }

    private static Access access(String verb, String name) {
        return new Access("system:serviceaccount:default:sampler", verb, "", "configmaps", "default", name);
    }

    private static void assertForbidden(ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(403));
    }

    private void create(String kind, String name, String fields) {
        client.resource(object(kind, name, fields)).create();
    }

    private static Role role(String name, String names) {
        return (Role) object(
                "Role",
                name,
                "rules: [{apiGroups: [\"\"], resources: [configmaps], " + names + "verbs: [list, watch]}]\n");
    }

    private static HasMetadata object(String kind, String name, String fields) {
        return new KubernetesSerialization()
                .unmarshal("apiVersion: rbac.authorization.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: " + name
                        + ", namespace: default}\n" + fields);
    }
}
