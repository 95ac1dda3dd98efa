// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.ClaimHeader;
import dev.wsroute.config.ClaimRule;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.JwtRules.OnExpiry;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.access.CheckWorkers;
import dev.wsroute.proxy.drain.TokenNames;
import dev.wsroute.proxy.jwt.VerifiedTokens.Verified;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets requests pass that carry a valid token. */
final class JwtStep implements AccessStep {

    private final JwtRules rules;
    private final TokenFinder finder;
    private final TokenVerifier verifier;
    private final @Nullable Supplier<@Nullable DenyList> denied;
    private final CheckWorkers workers;

    /** @param denied the deny list, or null before it is known; null: there is none */
    JwtStep(
            JwtRules rules,
            TokenVerifier verifier,
            @Nullable Supplier<@Nullable DenyList> denied,
            CheckWorkers workers) {
        this.rules = rules;
        this.finder = new TokenFinder(rules);
        this.verifier = verifier;
        this.denied = denied;
        this.workers = workers;
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        finder.hide(request, grant);
        // Even if there is no token: what a claim would say must not come from the client.
        rules.claimsToHeaders().forEach(each -> grant.requestHeader(each.header(), null));
        try {
            String token = finder.find(request, grant);
            if (token == null) {
                next.accept(Challenge.missing());
                return;
            }
            verify(token, request, grant, loop, next);
        } catch (TokenException e) {
            next.accept(Challenge.of(e));
        }
    }

    private void verify(
            String token, AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next)
            throws TokenException {
        ByteBuffer key = verifier.key(token);
        Verified known = verifier.recognise(key);
        if (known != null) {
            next.accept(judge(known, grant));
            return;
        }
        TokenVerifier.Pending pending = verifier.read(token);
        boolean accepted = workers.run(request.clientAddress(), () -> {
            Object outcome = outcome(pending, key);
            AccessStep.goOn(
                    loop,
                    next,
                    () -> outcome instanceof TokenException e ? Challenge.of(e) : judge((Verified) outcome, grant));
        });
        if (!accepted) {
            next.accept(Challenge.unverified("Too many tokens wait to be verified"));
        }
    }

    /** Runs beside the event loop. */
    private Object outcome(TokenVerifier.Pending pending, ByteBuffer key) {
        try {
            return verifier.verify(pending, key);
        } catch (TokenException e) {
            return e;
        } catch (RuntimeException | StackOverflowError e) {
            return new TokenException("The token cannot be verified");
        }
    }

    /** What a genuine token permits. */
    private @Nullable Denial judge(Verified token, Grant grant) {
        Claims claims = token.claims();
        TokenNames names = new TokenNames(claims.issuer(), claims.id(), claims.subject());
        if (denied != null) {
            DenyList list = denied.get();
            if (list == null) {
                return Challenge.unverified("The list of revoked tokens is not known yet");
            }
            if (list.revokes(names)) {
                return Challenge.of(new TokenException("The token is revoked"));
            }
        }
        grant.token(names);
        Long expiresAt = claims.expiresAt();
        if (rules.onExpiry() == OnExpiry.Close && expiresAt != null) {
            grant.ends(expiresAt + verifier.clockSkew(token).toMillis(), rules.closeCode());
        }
        String subject = claims.subject();
        if (subject != null) {
            grant.subject(verifier.issuer(token), subject);
        }
        for (ClaimRule rule : rules.claims()) {
            if (!ClaimText.satisfies(rule, claims.get(rule.name()))) {
                return Challenge.insufficient(rule.name());
            }
        }
        for (ClaimHeader each : rules.claimsToHeaders()) {
            grant.requestHeader(each.header(), ClaimText.header(claims.get(each.claim())));
        }
        return null;
    }
}
