// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.mock.MockApi;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.mockwebserver.dsl.TimesOnceableOrHttpHeaderable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rejections and server errors of the API: retries, messages, and when nothing more is written. */
class FailingApiOnMockTest {

    private static final String APPLY = "?fieldManager=wsroute-operator&force=true";
    private static final String BUDGET =
            "/apis/policy/v1/namespaces/" + NAMESPACE + "/poddisruptionbudgets/chat-proxy" + APPLY;
    private static final String SERVICE = "/api/v1/namespaces/" + NAMESPACE + "/services/chat-proxy" + APPLY;

    private final MockedReconciler mocked = new MockedReconciler();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void aConflictIsRetriedAndNotReported() {
        expect(SERVICE, MockApi.failure(409, "Conflict", "the object has been modified"))
                .once();

        mocked.start().apply("chat");

        await().until(() -> attempts("services/chat-proxy") == 2);
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(mocked.events()).doesNotContainKey("ApplyFailed");
        assertThat(mocked.log(Level.WARN)).noneMatch(line -> line.contains("modified"));
        assertNoWrites();
    }

    @Test
    void aForbiddenKindIsReportedOnceAndAllOthersAreWritten() {
        expect(
                        BUDGET,
                        MockApi.failure(
                                403, "Forbidden", "poddisruptionbudgets.policy is forbidden: no RBAC policy matched"))
                .always();

        mocked.start().apply("chat");

        mocked.awaitReason("chat", "Programmed", "ApplyFailed");
        await("it is tried again").until(() -> attempts("poddisruptionbudgets/chat-proxy") >= 3);
        assertThat(mocked.writes("chat")).contains("deployments/chat-proxy", "services/chat-proxy");
        assertThat(mocked.condition("chat", "Programmed").map(Condition::getMessage))
                .hasValue("The Kubernetes API rejected an object: poddisruptionbudgets.policy is forbidden: no RBAC"
                        + " policy matched.");
        assertThat(mocked.condition("chat", "Stalled")).isEmpty();
        assertThat(mocked.events()).containsEntry("ApplyFailed", 1);
        assertThat(mocked.log(Level.WARN))
                .filteredOn(line -> line.contains("no RBAC policy"))
                .hasSize(1);

        mocked.api.expectNothing();
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertNoWrites();
    }

    @Test
    void anInvalidObjectStallsTheRouteAndIsRetriedWithLongPauses() {
        expect(BUDGET, MockApi.failure(422, "Invalid", "PodDisruptionBudget \"chat-proxy\" is invalid:\n\u001b[31mno"))
                .always();

        mocked.start().apply("chat");

        mocked.awaitReason("chat", "Stalled", "ApplyFailed");
        mocked.reconcileAgain();
        mocked.reconcileAgain();
        assertThat(attempts("poddisruptionbudgets/chat-proxy")).isOne();
        assertThat(mocked.condition("chat", "Stalled").map(Condition::getMessage))
                .hasValue(
                        "The Kubernetes API rejected an object: PodDisruptionBudget \"chat-proxy\" is invalid: [31mno.");
        assertThat(mocked.log(Level.WARN))
                .filteredOn(line -> line.contains("is invalid"))
                .hasSize(1);
        assertThat(mocked.events()).containsEntry("ApplyFailed", 1);

        mocked.advance(Duration.ofMinutes(11));
        mocked.reconcileAgain();
        assertThat(attempts("poddisruptionbudgets/chat-proxy")).isEqualTo(2);
        mocked.advance(Duration.ofMinutes(11));
        mocked.reconcileAgain();
        assertThat(attempts("poddisruptionbudgets/chat-proxy")).isEqualTo(2);
        assertThat(mocked.log(Level.WARN))
                .filteredOn(line -> line.contains("is invalid"))
                .hasSize(1);
        assertThat(mocked.events()).containsEntry("ApplyFailed", 1);
    }

    @Test
    void aStalledRouteIsRetriedAtOnceAfterAnEditOrTheRemovalOfAnObject() {
        expect(BUDGET, MockApi.failure(422, "Invalid", "is invalid")).always();
        mocked.start().apply("chat");
        mocked.awaitReason("chat", "Stalled", "ApplyFailed");

        mocked.api
                .client()
                .services()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy")
                .delete();
        await().until(() -> attempts("services/chat-proxy") == 2);
        assertThat(attempts("poddisruptionbudgets/chat-proxy")).isEqualTo(2);

        mocked.api.expectNothing();
        mocked.api
                .client()
                .resources(WebSocketRoute.class)
                .inNamespace(NAMESPACE)
                .withName("chat")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"proxy\":{\"replicas\":2}}}");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(mocked.condition("chat", "Stalled")).isEmpty();
        assertNoWrites();
    }

    @Test
    void aRouteInATerminatingNamespaceIsIgnoredSilently() {
        Status terminating = new StatusBuilder(MockApi.failure(
                        403,
                        "Forbidden",
                        "services \"chat-proxy\" is forbidden: unable to create new content in namespace apps because it is"
                                + " being terminated"))
                .withNewDetails()
                .withName("chat-proxy")
                .withKind("services")
                .addNewCause("metadata.namespace", "namespace apps is being terminated", "NamespaceTerminating")
                .endDetails()
                .build();
        assertIgnored(terminating);
    }

    @Test
    void aRouteInADeletedNamespaceIsIgnoredSilently() {
        assertIgnored(new StatusBuilder(MockApi.failure(404, "NotFound", "namespaces \"apps\" not found"))
                .withNewDetails()
                .withName("apps")
                .withKind("namespaces")
                .endDetails()
                .build());
    }

    private void assertIgnored(Status refusal) {
        expect(SERVICE, refusal).always();
        expect(BUDGET, refusal).always();

        mocked.start().apply("chat");

        await().until(() -> attempts("services/chat-proxy") == 1);
        mocked.reconcileAgain();
        mocked.reconcileAgain();
        mocked.api
                .client()
                .configMaps()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy-report")
                .delete();
        mocked.reconcileAgain();
        assertThat(mocked.writes("chat")).doesNotHaveDuplicates().doesNotContain("websocketroutes/chat/status");
        assertThat(mocked.events()).isEmpty();
        assertThat(mocked.log(Level.WARN)).isEmpty();
    }

    @Test
    void serverErrorsAreRetriedSilently() {
        expect(SERVICE, MockApi.failure(500, "InternalError", "etcdserver: leader changed"))
                .times(4);

        mocked.start().apply("chat");

        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(attempts("services/chat-proxy")).isEqualTo(5);
        assertThat(mocked.events()).doesNotContainKey("ApplyFailed");
        assertThat(mocked.log(Level.WARN)).noneMatch(line -> line.contains("etcdserver"));
        assertNoWrites();
    }

    @Test
    void tooManyRequestsAreRetriedSilently() {
        mocked.api
                .expect()
                .patch()
                .withPath(SERVICE)
                .andReturn(429, MockApi.failure(429, "TooManyRequests", "too many requests"))
                .withHeader("Retry-After", "1")
                .times(4);

        mocked.start().apply("chat");

        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(attempts("services/chat-proxy")).isEqualTo(5);
        assertThat(mocked.events()).doesNotContainKey("ApplyFailed");
        assertThat(mocked.log(Level.WARN)).noneMatch(line -> line.contains("too many"));
        assertNoWrites();
    }

    @Test
    void deletingARouteBeforeItsStatusIsWrittenIsNoFailure() {
        expect(
                        "/apis/wsroute.dev/v1alpha1/namespaces/" + NAMESPACE + "/websocketroutes/chat/status" + APPLY,
                        MockApi.failure(404, "NotFound", "websocketroutes.wsroute.dev \"chat\" not found"))
                .once();

        mocked.start().apply("chat");

        await().until(() -> attempts("websocketroutes/chat/status") >= 1);
        mocked.reconcileAgain();
        assertThat(mocked.log(Level.WARN)).noneMatch(line -> line.contains("not found"));
        assertThat(mocked.events()).doesNotContainKey("ApplyFailed");
    }

    private TimesOnceableOrHttpHeaderable<?> expect(String path, Status answer) {
        return mocked.api.expect().patch().withPath(path).andReturn(answer.getCode(), answer);
    }

    private int attempts(String object) {
        return Collections.frequency(mocked.writes("chat"), object);
    }

    /** Reconciles several times and asserts that nothing is written. */
    private void assertNoWrites() {
        mocked.reconcileAgain();
        List<String> writes = mocked.writes("chat");
        mocked.reconcileAgain();
        mocked.reconcileAgain();
        assertThat(mocked.writes("chat")).isEqualTo(writes);
    }
}
