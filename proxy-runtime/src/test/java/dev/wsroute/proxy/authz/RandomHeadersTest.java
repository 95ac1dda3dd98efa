// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever headers a client combines, the service gets one description of the request: the proxy's. */
class RandomHeadersTest extends ExternalFixture {

    private static final int REQUESTS = 300;

    private static final List<String> NAMES = List.of(
            "X-Original-URI",
            "X-Original-URL",
            "X-Original-Method",
            "X-Forwarded-Uri",
            "X-Forwarded-Method",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-For",
            "X-Forwarded-Port",
            "X-Forwarded-User",
            "X-Forwarded-Prefix",
            "Forwarded",
            "X-Real-IP",
            "X-Auth-Request-User",
            "Remote-User",
            "X-User",
            "Sec-WebSocket-Protocol",
            "Upgrade",
            "TE",
            "Expect",
            "Proxy-Authorization",
            "X-Harmless");

    private static final List<String> VALUES = List.of("/evil", "evil", "evil, evil", "\"evil\"", "", "evil\t;evil=1");

    private static final List<String> OURS = List.of(
            "host",
            "x-original-uri",
            "x-original-url",
            "x-original-method",
            "x-forwarded-uri",
            "x-forwarded-method",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-for",
            "x-real-ip",
            "x-request-id");

    /** Another spelling that some server may read as the same name. */
    private static String spelled(Random random, String name) {
        return switch (random.nextInt(5)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1 -> name.toLowerCase(Locale.ROOT);
            case 2 -> name.replace('-', '_');
            case 3 -> name.replaceFirst("-", ".");
            default -> name;
        };
    }

    @Test
    void noCombinationDescribesTheRequest() throws Exception {
        AuthorizationService service = service("403 Forbidden");
        TestProxy proxy = proxy(service, Terms.DEFAULT.toBackend("X-User"));
        long seed = Long.getLong("wsroute.authz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < REQUESTS; i++) {
            StringBuilder head = new StringBuilder("GET /fine?n=" + i + " HTTP/1.1\r\nHost: chat.example.com\r\n");
            for (int lines = random.nextInt(8); lines > 0; lines--) {
                head.append(spelled(random, NAMES.get(random.nextInt(NAMES.size()))))
                        .append(": ")
                        .append(VALUES.get(random.nextInt(VALUES.size())))
                        .append("\r\n");
            }
            if (random.nextBoolean()) {
                head.append("Connection: ")
                        .append(NAMES.get(random.nextInt(NAMES.size())))
                        .append("\r\n");
            }
            try (RawPeer client = proxy.connect().send(head + "\r\n")) {
                assertThat(client.readHead()).as("seed %s", seed).startsWith("HTTP/1.1 4");
            }
        }

        assertThat(service.asked()).isNotEmpty();
        for (Asked asked : service.asked()) {
            for (String name : OURS) {
                assertThat(asked.all(name))
                        .as("%s, seed %s: %s", name, seed, asked)
                        .hasSize(1);
                assertThat(asked.header(name)).as("%s, seed %s", name, seed).doesNotContain("evil");
            }
            assertThat(asked.header("X-Original-URI")).startsWith("/fine?n=");
            assertThat(asked.headers())
                    .as("seed %s", seed)
                    .noneMatch(
                            line -> line.toLowerCase(Locale.ROOT)
                                    .matches(
                                            "(x[-_.](forwarded|original|real|auth|user)|remote|sec-|upgrade|te:|expect|proxy).*evil.*"));
        }
    }
}
