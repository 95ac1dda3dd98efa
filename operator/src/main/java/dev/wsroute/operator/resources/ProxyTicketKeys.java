// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of TLS session tickets, which all proxies of the route share. The operator rotates them. It may not delete Secrets, so
 * that one that is no longer needed is emptied.
 */
public final class ProxyTicketKeys extends OwnedResource<Secret> {

    /** Name of the dependent. */
    public static final String NAME = "ticket-keys";

    private static final Logger LOG = LoggerFactory.getLogger(ProxyTicketKeys.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    public ProxyTicketKeys() {
        super(Secret.class);
    }

    /**
     * The keys to use at {@code now}: those of the Secret, rotated if they are due, or new ones if it has no valid ones.
     *
     * @return empty if no listener of the route issues tickets
     */
    static Optional<TicketKeysValue> valueFor(
            WebSocketRoute route,
            Compiled compiled,
            OwnershipCheck ownership,
            Context<WebSocketRoute> context,
            Instant now) {
        if (compiled.config().ticketKeys() == null) {
            return Optional.empty();
        }
        Optional<Secret> secret = ownership.secret(
                route, OwnedNames.ticketKeys(route.getMetadata().getName()), context);
        Optional<TicketKeysValue> value = secret.flatMap(found -> TicketKeysValue.in(found, now));
        if (value.isEmpty()) {
            secret.filter(TicketKeysValue::isFilled)
                    .ifPresent(broken -> LOG.warn(
                            "Secret {} was changed and no longer holds three session ticket keys; creating new ones",
                            broken.getMetadata().getName()));
        }
        return Optional.of(
                value.map(keys -> keys.at(now, RANDOM)).orElseGet(() -> TicketKeysValue.random(RANDOM, now)));
    }

    /** When the keys of this reconciliation are due to be rotated; empty if there are none. */
    public static Optional<Duration> untilRotation(Context<WebSocketRoute> context, Instant now) {
        return context.managedWorkflowAndDependentResourceContext()
                .get(ProxyModel.class, ProxyModel.class)
                .map(ProxyModel::ticketKeys)
                .map(keys -> Duration.between(now, keys.nextRotation()).plusSeconds(1));
    }

    @Override
    public ReconcileResult<Secret> reconcile(WebSocketRoute route, Context<WebSocketRoute> context) {
        boolean needed = ProxyModel.in(context).ticketKeys() != null;
        return needed || isLeftOver(route, context)
                ? super.reconcile(route, context)
                : ReconcileResult.noOperation(null);
    }

    private boolean isLeftOver(WebSocketRoute route, Context<WebSocketRoute> context) {
        return OwnedKinds.watched(Secret.class, OwnedKinds.SECRETS, context)
                .get(targetSecondaryResourceID(route, context))
                .filter(secret -> OwnershipCheck.belongsTo(route, secret))
                .filter(TicketKeysValue::isFilled)
                .isPresent();
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.ticketKeys(route);
    }

    @Override
    Secret render(ProxyModel model) {
        TicketKeysValue keys = model.ticketKeys();
        return new SecretBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withType("Opaque")
                .withData(keys == null ? Map.of() : keys.data())
                .build();
    }
}
