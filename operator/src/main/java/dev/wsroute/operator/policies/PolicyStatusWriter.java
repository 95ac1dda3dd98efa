// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus;
import dev.wsroute.operator.resources.OwnedNames;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the statuses of policies that have changed, on a thread of its own, so that no route waits. Namespaces take turns: one with
 * thousands of policies holds up no other.
 */
final class PolicyStatusWriter {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyStatusWriter.class);

    /** Most changes come in twos: a policy, and the routes that it is about. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final CurrentPolicies policies;
    private final PolicyStatusFactory factory;
    private final BooleanSupplier acting;
    /** Names by namespace. */
    private final Map<String, Set<String>> due = new LinkedHashMap<>();

    private @Nullable ScheduledExecutorService thread;
    private boolean scheduled;

    /** @param acting whether this operator is the leader and not stopping */
    PolicyStatusWriter(
            KubernetesClient client, CurrentPolicies policies, PolicyStatusFactory factory, BooleanSupplier acting) {
        this.client = client;
        this.policies = policies;
        this.factory = factory;
        this.acting = acting;
    }

    synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread started = new Thread(task, "policy-status");
            started.setDaemon(true);
            return started;
        });
    }

    synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    /** The status of the policy may be another now. Never blocks. */
    synchronized void due(ResourceID policy) {
        due.computeIfAbsent(policy.getNamespace().orElse(""), same -> new LinkedHashSet<>())
                .add(policy.getName());
        schedule(PAUSE);
    }

    private synchronized void schedule(Duration delay) {
        if (thread == null || scheduled || due.isEmpty()) {
            return;
        }
        try {
            var unused = thread.schedule(this::writeAll, delay.toMillis(), TimeUnit.MILLISECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping; the next operator writes statuses of policies");
        }
    }

    private void writeAll() {
        synchronized (this) {
            scheduled = false;
        }
        while (acting.getAsBoolean()) {
            Optional<ResourceID> next = next();
            if (next.isEmpty()) {
                return;
            }
            if (!write(next.get())) {
                retryLater(next.get());
            }
        }
        schedule(RETRY);
    }

    private synchronized Optional<ResourceID> next() {
        Iterator<Map.Entry<String, Set<String>>> namespaces = due.entrySet().iterator();
        if (!namespaces.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<String, Set<String>> first = namespaces.next();
        String namespace = first.getKey();
        Set<String> names = first.getValue();
        namespaces.remove();
        Iterator<String> name = names.iterator();
        ResourceID next = new ResourceID(name.next(), namespace);
        name.remove();
        if (!names.isEmpty()) {
            due.put(namespace, names);
        }
        return Optional.of(next);
    }

    private synchronized void retryLater(ResourceID policy) {
        if (thread != null && !thread.isShutdown()) {
            var unused = thread.schedule(() -> due(policy), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** @return false if that is worth another attempt */
    private boolean write(ResourceID id) {
        try {
            AccessPolicy policy = policies.policy(id).orElse(null);
            if (policy == null) {
                return true;
            }
            WebSocketPolicyStatus status = factory.of(policy);
            if (!status.equals(policy.status())
                    && !(policy.status() == null && status.ancestors().isEmpty())) {
                patch(policy, status);
            }
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return true;
            }
            LOG.warn("The status of WebSocketPolicy {} cannot be written: {}", id, e.getMessage());
            // Refused as invalid or not allowed: the next change of the policy is the next attempt.
            return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
                    && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
                    && e.getCode() != HttpURLConnection.HTTP_CONFLICT
                    && e.getCode() != 429;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("The status of WebSocketPolicy {} cannot be made", id, e);
            return true;
        }
    }

    private void patch(AccessPolicy policy, WebSocketPolicyStatus status) {
        WebSocketPolicy fresh = new WebSocketPolicy();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withNamespace(policy.namespace())
                .withName(policy.name())
                .build());
        fresh.setStatus(status);
        var unused = client.resource(fresh)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withForce(true)
                        .withFieldManager(OwnedNames.FIELD_MANAGER)
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .build());
    }
}
