// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.operator.mock.MockApi;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Startup waits for an unavailable API and ends on permanent errors. */
class StartOnMockTest {

    private static final String ROUTES = "/apis/wsroute.dev/v1alpha1/websocketroutes?limit=1";

    private final MockApi api = MockApi.start();
    private final KubernetesClient client = ApiClient.of(new ConfigBuilder(api.config()).build(), new Interceptor() {});
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ApiWait wait = new ApiWait(stopping);

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void startWaitsForAnUnreachableApi() {
        api.goAway();
        CompletableFuture<Boolean> started = start();

        await().until(() -> wait.problem().contains("cannot be reached"));
        assertThat(started).isNotDone();
        api.comeBack();

        assertThat(started).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void startWaitsWhileTheApiReportsServerErrors() {
        api.expect()
                .get()
                .withPath(ROUTES)
                .andReturn(503, MockApi.failure(503, "ServiceUnavailable", "etcd is away"))
                .times(2);
        CompletableFuture<Boolean> started = start();

        await().until(() -> wait.problem().contains("answered with status 503"));
        assertThat(started).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void anApiThatHasJustComeBackMayRejectRequestsBriefly() {
        api.expect()
                .get()
                .withPath(ROUTES)
                .andReturn(503, MockApi.failure(503, "ServiceUnavailable", "starting"))
                .once();
        api.expect()
                .get()
                .withPath(ROUTES)
                .andReturn(403, MockApi.failure(403, "Forbidden", "no RBAC policy matched"))
                .once();

        assertThat(start()).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void aMissingPermissionEndsTheStartWithASentence() {
        api.expect()
                .get()
                .withPath("/api/v1/pods?limit=1")
                .andReturn(403, MockApi.failure(403, "Forbidden", "pods is forbidden: User \"x\" cannot list"))
                .always();

        assertThatThrownBy(() -> wait.until(this::check))
                .isInstanceOf(OperatorStartupException.class)
                .hasMessageContaining("the operator is not allowed to list pods at ")
                .hasMessageContaining("; deploy/install.yaml grants this permission: ")
                .hasMessageContaining("pods is forbidden: User \"x\" cannot list");
    }

    @Test
    void rejectedCredentialsOrAMissingCrdEndTheStart() {
        api.expect()
                .get()
                .withPath(ROUTES)
                .andReturn(401, MockApi.failure(401, "Unauthorized", "Unauthorized"))
                .once();
        api.expect()
                .get()
                .withPath(ROUTES)
                .andReturn(404, MockApi.failure(404, "NotFound", "not found"))
                .once();

        assertThatThrownBy(() -> wait.until(this::check)).hasMessageContaining("rejected the credentials");
        assertThatThrownBy(() -> wait.until(this::check)).hasMessageContaining("install the CRD first");
    }

    @Test
    void stoppingEndsTheWait() {
        api.goAway();
        CompletableFuture<Boolean> started = start();
        await().until(() -> wait.problem().contains("cannot be reached"));

        stopping.countDown();

        assertThat(started).succeedsWithin(PATIENCE).isEqualTo(false);
        api.comeBack();
    }

    private CompletableFuture<Boolean> start() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return wait.until(this::check);
            } catch (OperatorStartupException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void check() throws OperatorStartupException, ApiUnavailableException {
        ApiAccess.check(client, Set.of());
    }
}
