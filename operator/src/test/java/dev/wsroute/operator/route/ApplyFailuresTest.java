// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.status.ApplyOutcome;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import io.javaoperatorsdk.operator.OperatorException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplyFailuresTest {

    private static final KubernetesClientException CONFLICT = rejection(409, "the object has been modified");
    private static final KubernetesClientException INVALID = rejection(422, "Deployment \"chat-proxy\" is invalid");
    private static final KubernetesClientException FORBIDDEN = rejection(403, "deployments is forbidden");

    @Test
    void theMessageOfTheApiIsFoundInWrappedExceptions() {
        Exception wrapped = new OperatorException(several(Map.of("deployment", new RuntimeException(INVALID))));

        assertThat(ApplyFailures.outcome(wrapped))
                .isEqualTo(new ApplyOutcome.Failed(
                        "The Kubernetes API rejected an object: Deployment \"chat-proxy\" is invalid.", true));
    }

    @Test
    void ofSeveralFailuresThePermanentOneIsReported() {
        Map<String, Exception> failures = new LinkedHashMap<>();
        failures.put("service", CONFLICT);
        failures.put("deployment", FORBIDDEN);

        assertThat(ApplyFailures.outcome(several(failures)))
                .isEqualTo(new ApplyOutcome.Failed(
                        "The Kubernetes API rejected an object: deployments is forbidden.", false));
        assertThat(ApplyFailures.isTransient(several(failures))).isFalse();
    }

    @Test
    void conflictsAndServerErrorsAreTransient() {
        assertThat(ApplyFailures.isTransient(new OperatorException(CONFLICT))).isTrue();
        assertThat(ApplyFailures.isTransient(rejection(503, "etcd is away"))).isTrue();
        assertThat(ApplyFailures.isTransient(INVALID)).isFalse();
    }

    @Test
    void anInternalErrorIsReportedInOneLine() {
        assertThat(ApplyFailures.outcome(new IllegalStateException("two\nlines")))
                .isEqualTo(new ApplyOutcome.Failed("Writing the objects failed: two.", false));
    }

    private static AggregatedOperatorException several(Map<String, Exception> failures) {
        return new AggregatedOperatorException("Exception(s) during workflow execution.", failures);
    }

    private static KubernetesClientException rejection(int code, String message) {
        Status status = new StatusBuilder().withCode(code).withMessage(message).build();
        return new KubernetesClientException("Failure executing: PATCH at: http://x", code, status);
    }
}
