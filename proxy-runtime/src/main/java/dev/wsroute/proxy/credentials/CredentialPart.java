// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.config.ApiKeyRules;
import dev.wsroute.config.BasicRules;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.material.MaterialSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Credentials in files or Secrets as access rules use them: API keys, or users with passwords. */
public final class CredentialPart implements AccessPart {

    private final FollowedCredentials<?> followed;
    private final Function<RuleConfig, @Nullable AccessStep> steps;
    private final Runnable end;

    private CredentialPart(
            FollowedCredentials<?> followed, Function<RuleConfig, @Nullable AccessStep> steps, Runnable end) {
        this.followed = followed;
        this.steps = steps;
        this.end = end;
    }

    /** @param factory creates sources */
    public static CredentialPart apiKeys(Executor control, Function<CredentialSource, MaterialSource> factory) {
        FollowedCredentials<ApiKeys> keys = new FollowedCredentials<>(
                Place.API_KEYS,
                access -> access.apiKeys() == null ? null : access.apiKeys().credentials(),
                ApiKeys::parse,
                control,
                factory);
        return new CredentialPart(
                keys,
                rule -> {
                    ApiKeyRules rules =
                            rule.access() == null ? null : rule.access().apiKeys();
                    return rules == null ? null : new ApiKeyStep(rules, keys.inForce(rules.credentials()));
                },
                () -> {});
    }

    /** @param factory creates sources */
    public static CredentialPart passwords(Executor control, Function<CredentialSource, MaterialSource> factory) {
        FollowedCredentials<Users> users = new FollowedCredentials<>(
                Place.PASSWORDS,
                access -> access.basic() == null ? null : access.basic().credentials(),
                Users::parse,
                control,
                factory);
        PasswordChecks checks = new PasswordChecks();
        return new CredentialPart(
                users,
                rule -> {
                    BasicRules rules =
                            rule.access() == null ? null : rule.access().basic();
                    return rules == null
                            ? null
                            : new BasicStep(users.inForce(rules.credentials()), checks, rules.realm(), rules.forward());
                },
                checks::close);
    }

    @Override
    public @Nullable AccessStep step(String route, RuleConfig rule) {
        return steps.apply(rule);
    }

    @Override
    public CompletableFuture<Void> require(ProxyConfig config) {
        return followed.require(config);
    }

    @Override
    public void applied(ProxyConfig config) {
        followed.applied(config);
    }

    @Override
    public List<CertificateReport> faults() {
        return followed.faults();
    }

    @Override
    public void whenChanged(Runnable changed) {
        followed.whenChanged(changed);
    }

    @Override
    public void close() {
        followed.close();
        end.run();
    }
}
