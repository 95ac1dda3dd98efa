// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.ExternalAuthorization.Lifetime;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks the authorization service of a rule about each request. Immutable. */
final class ExternalStep implements AccessStep {

    /** As the access rules name it. */
    private static final String ISSUER = "external";

    /** A longer subject is none: cut off, it could be that of somebody else. */
    private static final int LONGEST_SUBJECT = 256;

    private static final List<NameValue> RETRY = List.of(new NameValue("Retry-After", "1"));

    private static final String AUTHORIZATION = "Authorization";

    private static final Denial AMBIGUOUS = Denial.of(
            RefusalReason.MALFORMED,
            HttpResponseStatus.BAD_REQUEST.code(),
            "A request can have one Authorization header at most.");

    private final AuthorizationClient client;
    private final ExternalAuthorization config;
    private final SubrequestWriter writer;

    /** @param loops marks the headers of subrequests, by those of requests */
    ExternalStep(AuthorizationClient client, BiConsumer<HttpHeaders, HttpHeaders> loops) {
        this.client = client;
        this.config = client.terms().config();
        this.writer = new SubrequestWriter(config, loops);
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        if (isAmbiguous(request, grant)) {
            next.accept(AMBIGUOUS);
            return;
        }
        long begun = System.nanoTime();
        Subrequest subrequest = writer.write(request, grant);
        // What is asked only once need not be kept by all who wait for the same answer.
        Subrequest watched = config.recheckEvery() != null && request.upgradesToWebSocket() ? subrequest : null;
        client.check(subrequest, loop, false, (answer, source) -> {
            Denial denial = decide(answer, source, System.nanoTime() - begun, grant);
            Duration every = config.recheckEvery();
            if (denial == null && every != null && watched != null) {
                grant.watch(client.watch(watched, loop, every));
            }
            next.accept(denial);
        });
    }

    /** The service could decide about the first, and the backend believe the second. nginx refuses such requests, too. */
    private static boolean isAmbiguous(AccessRequest request, Grant grant) {
        return request.headerValues(AUTHORIZATION).size() > 1
                && grant.removedHeaders().stream().noneMatch(AUTHORIZATION::equalsIgnoreCase);
    }

    private @Nullable Denial decide(ServiceAnswer answer, AuthorizationSource source, long nanos, Grant grant) {
        if (answer instanceof ServiceAnswer.Allowed allowed) {
            count(AuthorizationOutcome.ALLOWED, null, source, nanos);
            allow(allowed, grant);
            return null;
        }
        if (answer instanceof ServiceAnswer.Refused refused) {
            count(AuthorizationOutcome.REFUSED, null, source, nanos);
            return new Denial(
                    RefusalReason.AUTHORIZATION_DENIED,
                    refused.status(),
                    "This request is not authorized.",
                    "The authorization service refused the request.",
                    refused.headers());
        }
        ServiceFailure failure = ((ServiceAnswer.Failed) answer).failure();
        if (config.failOpen() && failure.passesOpen()) {
            count(AuthorizationOutcome.FAILED_OPEN, failure.label(), source, nanos);
            config.headersToBackend().forEach(name -> grant.requestHeader(name, null));
            grant.note(failure.sentence() + " The request passes because of failOpen.");
            return null;
        }
        count(AuthorizationOutcome.UNAVAILABLE, failure.label(), source, nanos);
        return new Denial(
                RefusalReason.AUTHORIZATION_UNAVAILABLE,
                HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
                "It cannot be decided now whether this request is authorized.",
                failure.sentence(),
                RETRY);
    }

    private void allow(ServiceAnswer.Allowed allowed, Grant grant) {
        for (String name : config.headersToBackend()) {
            grant.requestHeader(name, allowed.valueOf(name));
        }
        allowed.cookies().forEach(cookie -> grant.responseHeader("Set-Cookie", cookie));
        String subject = allowed.subject();
        if (subject != null && subject.length() <= LONGEST_SUBJECT) {
            grant.subject(ISSUER, subject);
        }
        if (config.lifetime() == Lifetime.CacheControl && allowed.maxAge() >= 0) {
            grant.ends(
                    System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(allowed.maxAge()),
                    CloseReason.AUTHORIZATION_EXPIRED.code(),
                    CloseReason.AUTHORIZATION_EXPIRED);
        }
    }

    private void count(AuthorizationOutcome outcome, @Nullable String failure, AuthorizationSource source, long nanos) {
        client.terms().metrics().authorizationChecked(client.service().route(), outcome, failure, source, nanos);
    }
}
