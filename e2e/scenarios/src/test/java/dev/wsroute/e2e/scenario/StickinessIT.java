// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.WebSocketConnection;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Clients return to the same pod, whichever proxy they connect to. */
@Scenario
class StickinessIT {

    @Test
    void aCookieLeadsToItsPodThroughEachProxyAndThroughThoseThatComeAfterThem(Space space) {
        EchoBackend backend = space.backend("chat", 3);
        Route route = space.apply("chat", Spec.to("chat").replicas(2).rule("sessionPersistence: {}"))
                .awaitReady();
        TestClient testClient = space.testClient();
        List<Pod> proxies = route.proxies();

        WebSocketConnection first = testClient.open(Route.uriOf(proxies.get(0)), "?hello", Map.of());
        String pod = TestClient.greeting(first);
        Map<String, String> cookie = Map.of("Cookie", cookie(first));
        assertPinned(testClient, proxies, cookie, pod);

        proxies.forEach(proxy -> space.client().resource(proxy).delete());
        await("new proxies")
                .until(() -> route.proxies().stream()
                                .filter(proxy -> !names(proxies)
                                        .contains(proxy.getMetadata().getName()))
                                .filter(EchoBackend::isReady)
                                .count()
                        == 2);
        assertPinned(
                testClient,
                route.proxies().stream()
                        .filter(proxy ->
                                !names(proxies).contains(proxy.getMetadata().getName()))
                        .toList(),
                cookie,
                pod);

        space.client().pods().inNamespace(space.namespace()).withName(pod).delete();
        URI uri = route.uri();
        await("a pin to another pod").untilAsserted(() -> {
            WebSocketConnection next = testClient.open(uri, "?hello", cookie);
            String other = TestClient.greeting(next);
            assertThat(other).isNotEqualTo(pod).isIn(backend.stayingNames());
            assertThat(testClient.connectedPod(uri, Map.of("Cookie", cookie(next))))
                    .isEqualTo(other);
        });
    }

    @Test
    void allOfARoomMeetInOnePodThroughEachProxyAndANewPodTakesItsShareOfRoomsOnly(Space space) {
        EchoBackend backend = space.backend("chat", 3);
        Route route = space.apply("chat", Spec.to("chat").replicas(2).rule("""
                                loadBalancing:
                                  type: ConsistentHash
                                  consistentHash: {type: QueryParam, name: room}
                                """)).awaitReady();
        TestClient testClient = space.testClient();
        URI one = Route.uriOf(route.proxies().get(0));
        URI other = Route.uriOf(route.proxies().get(1));

        Map<String, String> before = rooms(testClient, one);
        assertThat(rooms(testClient, other)).isEqualTo(before);
        assertThat(before.values()).containsAll(backend.stayingNames());

        List<String> old = backend.stayingNames();
        backend.scale(4).awaitReady(4);
        await("both proxies know the new pod")
                .until(() -> rooms(testClient, one).values().stream().anyMatch(pod -> !old.contains(pod))
                        && rooms(testClient, other).values().stream().anyMatch(pod -> !old.contains(pod)));

        Map<String, String> after = rooms(testClient, one);
        assertThat(rooms(testClient, other)).isEqualTo(after);
        List<String> moved = before.keySet().stream()
                .filter(room -> !before.get(room).equals(after.get(room)))
                .toList();
        assertThat(moved)
                .hasSizeLessThan(before.size() / 2)
                .allSatisfy(room -> assertThat(after.get(room)).isNotIn(old));
    }

    private static void assertPinned(TestClient testClient, List<Pod> proxies, Map<String, String> cookie, String pod) {
        assertThat(proxies).hasSize(2);
        for (Pod proxy : proxies) {
            for (int again = 0; again < 5; again++) {
                WebSocketConnection next = testClient.open(Route.uriOf(proxy), "?hello", cookie);
                assertThat(TestClient.greeting(next)).isEqualTo(pod);
                assertThat(next.header("set-cookie")).isEmpty();
                next.close();
            }
        }
    }

    /** The cookie that the client sends back. */
    private static String cookie(WebSocketConnection connection) {
        String cookie = connection.header("set-cookie").orElseThrow();
        assertThat(cookie).startsWith("wsroute=").contains("; HttpOnly", "; SameSite=Lax");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    /** The pod that serves each of 60 rooms. */
    private static Map<String, String> rooms(TestClient testClient, URI proxy) {
        Map<String, String> pods = new TreeMap<>();
        for (int room = 0; room < 60; room++) {
            WebSocketConnection connection = testClient.open(proxy, "?hello&room=" + room, Map.of());
            pods.put("room " + room, TestClient.greeting(connection));
            connection.close();
        }
        return pods;
    }

    private static List<String> names(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
    }
}
