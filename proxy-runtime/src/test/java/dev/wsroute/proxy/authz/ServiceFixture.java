// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.ProxyTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Stand-ins for a service, and clients of them without a proxy. */
abstract class ServiceFixture extends ProxyTest {

    static final String OK = AuthorizationService.response("200 OK");

    private final CountDownLatch held = new CountDownLatch(1);

    /** Lets go on whatever waits in {@link #hold}. */
    @AfterEach
    final void release() {
        held.countDown();
    }

    /** Waits until {@link #release}, at a stand-in. */
    final void hold() {
        isReleasedWithin(60_000);
    }

    final boolean isReleasedWithin(long millis) {
        try {
            return held.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Answers with this text. */
    final AuthorizationService answering(String response) throws IOException {
        return open(AuthorizationService.answering(response));
    }

    /** Answers with this status, and headers without a body. */
    final AuthorizationService saying(String status, String... headers) throws IOException {
        return answering(AuthorizationService.response(status, headers));
    }

    final AuthorizationService doing(AuthorizationService.Script script) throws IOException {
        return open(AuthorizationService.start(script));
    }

    /** Answers with this text after {@link #release}. */
    final AuthorizationService holding(String response) throws IOException {
        return doing(AuthorizationService.holding(held, response));
    }

    /** Does not listen any more. */
    final AuthorizationService absent() throws IOException {
        AuthorizationService service = AuthorizationService.answering(OK);
        service.close();
        return service;
    }

    final ClientFixture client(AuthorizationService service) {
        return open(new ClientFixture(service.address()));
    }

    /** With a timeout of so many milliseconds. */
    final ClientFixture hurried(AuthorizationService service, long millis) {
        return client(service, Duration.ofMillis(millis), Duration.ZERO, ClientLimits.DEFAULT);
    }

    /** Keeps answers. */
    final ClientFixture caching(AuthorizationService service) {
        return client(service, Duration.ofSeconds(10), Duration.ofHours(1), ClientLimits.DEFAULT);
    }

    final ClientFixture limited(AuthorizationService service, ClientLimits limits) {
        return client(service, Duration.ofSeconds(20), Duration.ZERO, limits);
    }

    private ClientFixture client(
            AuthorizationService service, Duration timeout, Duration cacheFor, ClientLimits limits) {
        return open(new ClientFixture(service.address(), timeout, cacheFor, limits));
    }
}
