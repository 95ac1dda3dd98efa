// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.ExternalAuthorization.Lifetime;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.StubEndpoints;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy whose rule asks a stand-in for an authorization service. */
abstract class ExternalFixture extends ProxyTest {

    static final String SESSION = "session=" + Secrets.of("cookie of a session");
    static final String BEARER = "Bearer " + Secrets.of("opaque token");

    static final String SCHEME = TestTls.isOn() ? "https" : "http";

    final RecordingMetrics metrics = new RecordingMetrics();
    private final CountDownLatch held = new CountDownLatch(1);
    RawBackend backend;

    @BeforeEach
    void startBackend() throws Exception {
        backend = open(RawBackend.start());
    }

    /** A service that does not answer before {@link #release}. */
    AuthorizationService holding(String status) throws IOException {
        return open(
                AuthorizationService.start(AuthorizationService.holding(held, AuthorizationService.response(status))));
    }

    @AfterEach
    final void release() {
        held.countDown();
    }

    /** Settings that tests change. */
    record Terms(
            boolean failOpen,
            @Nullable List<String> toService,
            List<String> toBackend,
            Duration cacheFor,
            @Nullable String subject,
            @Nullable Duration recheckEvery,
            Lifetime lifetime,
            @Nullable BackendTls tls) {

        static final Terms DEFAULT =
                new Terms(false, null, List.of(), Duration.ZERO, null, null, Lifetime.Ignore, null);

        Terms openOnFailure() {
            return new Terms(true, toService, toBackend, cacheFor, subject, recheckEvery, lifetime, tls);
        }

        Terms toService(String... names) {
            return new Terms(failOpen, List.of(names), toBackend, cacheFor, subject, recheckEvery, lifetime, tls);
        }

        Terms toBackend(String... names) {
            return new Terms(failOpen, toService, List.of(names), cacheFor, subject, recheckEvery, lifetime, tls);
        }

        Terms subject(String name) {
            return new Terms(failOpen, toService, toBackend, cacheFor, name, recheckEvery, lifetime, tls);
        }

        Terms recheckEvery(Duration interval) {
            return new Terms(failOpen, toService, toBackend, cacheFor, subject, interval, lifetime, tls);
        }

        Terms lifetime(Lifetime limit) {
            return new Terms(failOpen, toService, toBackend, cacheFor, subject, recheckEvery, limit, tls);
        }

        Terms cacheFor(Duration time) {
            return new Terms(failOpen, toService, toBackend, time, subject, recheckEvery, lifetime, tls);
        }

        Terms secured() {
            return new Terms(
                    failOpen, toService, toBackend, cacheFor, subject, recheckEvery, lifetime, BackendTls.SYSTEM);
        }

        ExternalAuthorization of(InetSocketAddress service) {
            return new ExternalAuthorization(
                    new BackendConfig(
                            StubEndpoints.BACKEND,
                            1,
                            null,
                            List.of(new StaticEndpoint(service.getAddress().getHostAddress(), service.getPort())),
                            tls),
                    "/oauth2/auth",
                    Duration.ofMinutes(1),
                    failOpen,
                    toService,
                    toBackend,
                    cacheFor,
                    subject,
                    recheckEvery,
                    lifetime);
        }
    }

    TestProxy proxy(AuthorizationService service) throws IOException {
        return proxy(service, Terms.DEFAULT);
    }

    TestProxy proxy(AuthorizationService service, Terms terms) throws IOException {
        return open(TestProxy.options()
                .to(backend.address())
                .metrics(metrics)
                .rule(rule -> rule.access(AccessConfig.ofService(terms.of(service.address()))))
                .start());
    }

    AuthorizationService service(String status, String... headers) throws IOException {
        return open(AuthorizationService.answering(AuthorizationService.response(status, headers)));
    }

    /** The response to a handshake that does not reach the backend. */
    String refusal(TestProxy proxy, String... headers) throws IOException {
        return open(proxy.connect()).send(TestProxy.handshake(headers)).readHead();
    }

    /** The request that the backend gets, and the response of the client. */
    record Passed(String request, String response) {}

    Passed passed(TestProxy proxy, String... headers) throws IOException {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake(headers));
        RawPeer behind = open(backend.accept());
        String request = behind.readHead();
        behind.send(TestProxy.switching("Set-Cookie: backend=1"));
        return new Passed(request, client.readHead());
    }
}
