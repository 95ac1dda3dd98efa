// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator acts while it holds the lease. When it loses it, it exits, since another operator may act from then on. */
class LostLeaseOnMockTest {

    private final MockedReconciler mocked = new MockedReconciler();
    private final List<Integer> halted = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void losingTheLeaseEndsTheProcessAtOnce() {
        Resource<Lease> lease = leaseGivenTo("second");

        await("the end of the process").until(() -> halted, List.of(1)::equals);
        assertThat(lease.get().getSpec().getHolderIdentity()).isEqualTo("second");
    }

    /** As {@code kubectl patch} does to force a failover. */
    @Test
    void aLeaseThatSomebodyTakesFromEverybodyEndsTheProcessToo() {
        leaseGivenTo(null);

        await("the end of the process").until(() -> halted, List.of(1)::equals);
    }

    private Resource<Lease> leaseGivenTo(@Nullable String next) {
        mocked.api
                .expect()
                .post()
                .withPath("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
                .andReturn(
                        201,
                        new SelfSubjectRulesReviewBuilder()
                                .withNewStatus()
                                .addNewResourceRule()
                                .withApiGroups("coordination.k8s.io")
                                .withResources("leases")
                                .withVerbs("get", "create", "update")
                                .endResourceRule()
                                .endStatus()
                                .build())
                .always();
        mocked.start(Leadership.configuration("wsroute-system", "first", () -> {}, () -> false, halted::add));
        mocked.apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(halted).isEmpty();

        Resource<Lease> lease =
                mocked.api.client().leases().inNamespace("wsroute-system").withName("wsroute-operator");
        lease.edit(held -> {
            held.getSpec().setHolderIdentity(next);
            return held;
        });
        return lease;
    }
}
