// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.SessionKeySecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of the session cookies, which all proxies of the route share. It is created when a rule first uses sessions and
 * kept until the route is deleted, so that cookies stay valid if session persistence is disabled and enabled again.
 */
public final class ProxySessionKey extends OwnedResource<Secret> {

    /** Name of the dependent. */
    public static final String NAME = "session-key";

    private static final Logger LOG = LoggerFactory.getLogger(ProxySessionKey.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    public ProxySessionKey() {
        super(Secret.class);
    }

    /**
     * The existing key of the route, or a new one if the route needs a key and has no valid one.
     *
     * @return empty if the route neither needs nor has a key
     */
    static Optional<SessionKeyValue> valueFor(
            WebSocketRoute route, Compiled compiled, OwnershipCheck ownership, Context<WebSocketRoute> context) {
        Optional<Secret> secret = ownership.secret(
                route, OwnedNames.sessionKey(route.getMetadata().getName()), context);
        Optional<SessionKeyValue> value = secret.flatMap(SessionKeyValue::in);
        if (value.isPresent() || compiled.config().sessionKey() == null) {
            return value;
        }
        secret.ifPresent(broken -> LOG.warn(
                "Secret {} was changed and no longer holds {} bytes under {}; creating a new key, which ends all sessions",
                broken.getMetadata().getName(),
                SessionKeyValue.BYTES,
                SessionKeySecret.DATA_KEY));
        return Optional.of(SessionKeyValue.random(RANDOM));
    }

    @Override
    public ReconcileResult<Secret> reconcile(WebSocketRoute route, Context<WebSocketRoute> context) {
        return ProxyModel.in(context).sessionKey() == null
                ? ReconcileResult.noOperation(null)
                : super.reconcile(route, context);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.sessionKey(route);
    }

    @Override
    Secret render(ProxyModel model) {
        SessionKeyValue key = Objects.requireNonNull(model.sessionKey(), "the route has no session key");
        return new SecretBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withType("Opaque")
                .withData(Map.of(SessionKeySecret.DATA_KEY, key.base64()))
                .build();
    }
}
