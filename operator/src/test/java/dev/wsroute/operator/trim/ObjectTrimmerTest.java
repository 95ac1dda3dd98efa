// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.operator.cache.PartialObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of a tenant's object that are kept. */
class ObjectTrimmerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEGABYTE = "x".repeat(1 << 20);
    private static final String OWNER = "\"ownerReferences\":[{\"apiVersion\":\"wsroute.dev/v1alpha1\","
            + "\"kind\":\"WebSocketRoute\",\"name\":\"chat\",\"uid\":\"u\",\"controller\":true}]";

    private final ObjectTrimmer trimmer = new ObjectTrimmer();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 4096})
    void aListIsTrimmedHoweverItIsSplitIntoChunks(int piece) throws Exception {
        String list =
                "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"items\"},\"items\":["
                        + configMap("small", "", "\\\"}]é") + ",\n " + configMap("junk", "", "[{\\\\\\\"".repeat(4000))
                        + " ,"
                        + configMap("ours", "," + OWNER, "]}".repeat(10_000)) + "],\"apiVersion\":\"v1\"}";

        JsonNode kept = JSON.readTree(split(WatchedKind.ConfigMap, list, piece));

        JsonNode whole = JSON.readTree(list);
        assertThat(kept.at("/items/0")).isEqualTo(whole.at("/items/0"));
        assertThat(kept.at("/items/2")).isEqualTo(whole.at("/items/2"));
        assertThat(kept.at("/items/1/metadata/name").asText()).isEqualTo("junk");
        assertThat(kept.at("/items/1/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(kept.at("/items/1/metadata/labels/wsroute.dev~1route").asText())
                .isEqualTo("chat");
        assertThat(kept.at("/items/1").has("data")).isFalse();
        assertThat(kept.at("/apiVersion").asText()).isEqualTo("v1");
        assertThat(kept.at("/metadata/continue").asText()).isEqualTo("items");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"apiVersion\":\"v1\",\"kind\":\"Secret\"",
                "\"apiVersion\":\"meta.k8s.io/v1\",\"kind\":\"PartialObjectMetadata\""
            })
    void ofASecretOnlyTheMetadataIsKeptInAListAndInAWatch(String type) throws Exception {
        String secret = "{" + type + ",\"metadata\":{\"name\":\"keys\",\"resourceVersion\":\"7\"," + OWNER
                + "},\"data\":{\"key\":\"aGVsbG8=\"}}";

        String listed = split(WatchedKind.Secret, "{\"items\":[" + secret + "]}", 5);
        WatchEvent watched = new TrimmingSerialization()
                .unmarshal("{\"type\":\"MODIFIED\",\"object\":" + secret + "}", WatchEvent.class);

        assertThat(listed).doesNotContain("aGVsbG8=");
        assertThat(JSON.readTree(listed).at("/items/0/kind").asText()).isEqualTo("Secret");
        assertThat(watched.getObject()).isInstanceOfSatisfying(Secret.class, kept -> {
            assertThat(PartialObject.isPartial(kept)).isTrue();
            assertThat(kept.getMetadata().getName()).isEqualTo("keys");
            assertThat(kept.getMetadata().getOwnerReferences()).hasSize(1);
            assertThat(kept.getData()).isNullOrEmpty();
        });
    }

    @Test
    void anEmptyListOfMetadataHasNullForItsItemsAndIsEmpty() {
        SecretList list = new TrimmingSerialization()
                .unmarshal(
                        "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\","
                                + "\"metadata\":{\"resourceVersion\":\"1\"},\"items\":null}",
                        SecretList.class);

        assertThat(list.getItems()).isEmpty();
    }

    @Test
    void anythingButAListPassesUnchanged() {
        for (String body : List.of(
                "{\"kind\":\"Status\",\"code\":401,\"details\":{\"items\":[{\"a\":1}]}}",
                "{\"items\":{\"a\":[{}]}}",
                "not json [{",
                "[{\"items\":[{}]}]",
                "")) {
            assertThat(split(WatchedKind.ConfigMap, body, 3)).isEqualTo(body);
        }
    }

    @Test
    void aRejectedRequestBeforeTheListOnTheSameConsumerHasNoEffect() throws Exception {
        ListSplitter splitter = splitter(WatchedKind.ConfigMap);
        splitter.feed(List.of(bytes("{\"kind\":\"Status\",\"code\":401}")));

        ByteBuffer kept = splitter.feed(List.of(bytes("{\"items\":[" + configMap("junk", "", MEGABYTE) + "]}")));

        assertThat(kept.remaining()).isLessThan(1000);
    }

    @ParameterizedTest
    @EnumSource(WatchedKind.class)
    void tenObjectsOfMegabytesAreTrimmedToAFewKilobytes(WatchedKind kind) throws Exception {
        String object = "{\"metadata\":{\"name\":\"a\",\"namespace\":\"t\",\"uid\":\"u\",\"resourceVersion\":\"1\","
                + "\"labels\":{\"wsroute.dev/route\":\"chat\"},\"annotations\":{\"a\":\"" + MEGABYTE + "\"}},"
                + "\"spec\":{\"a\":\"" + MEGABYTE + "\"},\"data\":{\"a\":\"" + MEGABYTE + "\"}}";
        ListSplitter splitter = splitter(kind);
        long kept = splitter.feed(List.of(bytes("{\"items\":["))).remaining();

        for (int i = 0; i < 10; i++) {
            kept += splitter.feed(List.of(bytes((i == 0 ? "" : ",") + object))).remaining();
        }

        assertThat(kept).isLessThan(10 * 1000);
    }

    @Test
    void aPageKeepsAFewMegabytesOfLargeOwnedObjectsAndPartialObjectsOfTheRest() throws Exception {
        ListSplitter splitter = new ListSplitter(trimmer.ofPage(WatchedKind.ConfigMap));
        long kept = splitter.feed(List.of(bytes("{\"items\":["))).remaining();
        String last = "";

        for (int i = 0; i < 12; i++) {
            ByteBuffer item = splitter.feed(List.of(bytes(configMap("c" + i, "," + OWNER, MEGABYTE))));
            kept += item.remaining();
            last = new String(item.array(), StandardCharsets.UTF_8);
            splitter.feed(List.of(bytes(",")));
        }

        assertThat(kept).isBetween(3L << 20, 5L << 20);
        assertThat(JSON.readTree(last).at("/metadata/ownerReferences/0/uid").asText())
                .isEqualTo("u");
        assertThat(JSON.readTree(last).at("/metadata/annotations").has(PartialObject.ANNOTATION))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 1001, 10_000})
    void anObjectNestedTooDeepBecomesPartialInAListAndInAWatch(int depth) throws Exception {
        String deep = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        String object = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"managedFields\":[{\"fieldsV1\":"
                + deep + "}],\"name\":\"deep\",\"namespace\":\"t\",\"resourceVersion\":\"9\"},\"data\":{\"a\":\"b\"}}";

        JsonNode listed = JSON.readTree(split(WatchedKind.ConfigMap, "{\"items\":[" + object + "]}", 512))
                .at("/items/0");
        WatchEvent watched = new TrimmingSerialization()
                .unmarshal("{\"type\":\"MODIFIED\",\"object\":" + object + "}", WatchEvent.class);

        assertThat(listed.at("/metadata/name").asText()).isEqualTo("deep");
        assertThat(listed.at("/metadata").has("managedFields")).isFalse();
        assertThat(watched.getType()).isEqualTo("MODIFIED");
        ConfigMap head = (ConfigMap) watched.getObject();
        assertThat(head.getMetadata().getResourceVersion()).isEqualTo("9");
        assertThat(PartialObject.isPartial(head)).isTrue();
    }

    @Test
    void anUnreadableRouteBecomesPartialAndKeepsItsStatus() throws Exception {
        String route =
                "{\"kind\":\"WebSocketRoute\",\"apiVersion\":\"wsroute.dev/v1alpha1\",\"metadata\":{\"name\":\"a\","
                        + "\"namespace\":\"t\",\"resourceVersion\":\"3\"},\"spec\":{\"proxy\":{\"replicas\":99999999999}},"
                        + "\"status\":{\"observedGeneration\":4}}";

        JsonNode listed = JSON.readTree(split(WatchedKind.WebSocketRoute, "{\"items\":[" + route + "]}", 64))
                .at("/items/0");

        assertThat(listed.at("/metadata/annotations").has(PartialObject.ANNOTATION))
                .isTrue();
        assertThat(listed.has("spec")).isFalse();
        assertThat(listed.at("/status/observedGeneration").asInt()).isEqualTo(4);
    }

    @Test
    void aLargePolicyKeepsItsTargetsAndItsAccessUnlessThatIsTooLarge() throws Exception {
        for (int size : new int[] {100_000, 300_000}) {
            String policy =
                    "{\"kind\":\"WebSocketPolicy\",\"metadata\":{\"name\":\"p\",\"namespace\":\"t\",\"generation\":2,"
                            + "\"creationTimestamp\":\"2026-11-30T10:00:00Z\",\"annotations\":{\"a\":\"" + MEGABYTE
                            + "\"}},"
                            + "\"spec\":{\"targetRefs\":[{\"group\":\"wsroute.dev\",\"kind\":\"WebSocketRoute\",\"name\":\"chat\","
                            + "\"sectionName\":\"main\"}],\"access\":{\"a\":\"" + "x".repeat(size)
                            + "\"}},\"status\":{\"ancestors\":[]}}";

            JsonNode kept = JSON.readTree(split(WatchedKind.WebSocketPolicy, "{\"items\":[" + policy + "]}", 70_000))
                    .at("/items/0");

            assertThat(kept.at("/metadata/generation").asInt()).isEqualTo(2);
            assertThat(kept.at("/metadata").has("annotations")).isFalse();
            assertThat(kept.at("/spec/targetRefs/0/sectionName").asText()).isEqualTo("main");
            assertThat(kept.at("/spec/access").isObject()).isEqualTo(size == 100_000);
            assertThat(kept.at("/spec/access").isMissingNode()).isFalse();
            assertThat(kept.has("status")).isTrue();
        }
    }

    @Test
    void aLargeSliceKeepsOnlyWhatCountingItsEndpointsNeeds() throws Exception {
        String endpoints = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"addresses\":[\"10.0.0." + i % 250 + "\",\"" + "1".repeat(500)
                        + "\"],\"conditions\":{\"ready\":true},\"zone\":\"" + "z".repeat(200)
                        + "\",\"targetRef\":{\"kind\":\"Pod\",\"name\":\"p" + i + "\",\"uid\":\"u" + i
                        + "\",\"fieldPath\":\"" + "f".repeat(500) + "\"}}")
                .collect(Collectors.joining(","));
        String slice =
                "{\"metadata\":{\"name\":\"s\",\"namespace\":\"t\",\"labels\":{\"kubernetes.io/service-name\":\"chat\"},"
                        + "\"annotations\":{\"a\":\"" + MEGABYTE + "\"}},\"addressType\":\"IPv4\",\"endpoints\":["
                        + endpoints
                        + "],\"ports\":[{\"name\":\"ws\",\"port\":80}]}";

        String kept = split(WatchedKind.EndpointSlice, "{\"items\":[" + slice + "]}", 5000);

        JsonNode item = JSON.readTree(kept).at("/items/0");
        assertThat(kept.length()).isLessThan(1000 * 150);
        assertThat(item.at("/addressType").asText()).isEqualTo("IPv4");
        assertThat(item.at("/ports/0/name").asText()).isEqualTo("ws");
        assertThat(item.at("/endpoints")).hasSize(1000);
        assertThat(item.at("/endpoints/7/targetRef/name").asText()).isEqualTo("p7");
        assertThat(item.at("/endpoints/7/conditions/ready").asBoolean()).isTrue();
        assertThat(item.at("/endpoints/7/addresses/0").asText()).isEqualTo("10.0.0.7");
    }

    @Test
    void aPodKeepsOnlyWhyItDoesNotRun() throws Exception {
        String pod = """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "chat-proxy-5d-a", "namespace": "t", "annotations": {"a": "secret",
                     "controller.kubernetes.io/pod-deletion-cost": "-1000"},
                   "labels": {"wsroute.dev/route": "chat", "pod-template-hash": "5d", "other": "x"},
                   "ownerReferences": [{"kind": "ReplicaSet", "name": "chat-proxy-5d", "uid": "u", "controller": true}]},
                 "spec": {"containers": [{"name": "proxy", "env": [{"name": "TOKEN", "value": "secret"}]}]},
                 "status": {"phase": "Pending", "podIP": "10.0.0.7",
                   "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "m"},
                     {"type": "Ready", "status": "False"}],
                   "containerStatuses": [
                     {"name": "sidecar", "ready": true, "state": {"running": {}}, "containerID": "c"},
                     {"name": "proxy", "ready": false, "restartCount": 2, "image": "i",
                      "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "%s"}},
                      "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "containerID": "c"}}}]}}
                """.formatted("x".repeat(50_000));

        String kept = split(WatchedKind.Pod, "{\"items\":[" + pod + "]}", 100);

        JsonNode item = JSON.readTree(kept).at("/items/0");
        assertThat(kept).hasSizeLessThan(2000).doesNotContain("secret");
        assertThat(item.at("/metadata/annotations/controller.kubernetes.io~1pod-deletion-cost")
                        .asText())
                .isEqualTo("-1000");
        assertThat(item.at("/metadata/labels/pod-template-hash").asText()).isEqualTo("5d");
        assertThat(item.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("chat-proxy-5d");
        assertThat(item.at("/status/conditions")).hasSize(1);
        assertThat(item.at("/status/containerStatuses")).hasSize(1);
        assertThat(item.at("/status/containerStatuses/0/state/waiting/reason").asText())
                .isEqualTo("CrashLoopBackOff");
        assertThat(item.at("/status/containerStatuses/0/lastState/terminated/exitCode")
                        .asInt())
                .isOne();
    }

    @Test
    void theEventOfASmallObjectPassesUnchanged() throws Exception {
        String event = "{\"type\":\"ADDED\",\"object\":" + configMap("ours", "," + OWNER, "é\\\"") + "}";

        assertThat(trimmer.event(event)).isSameAs(event);
        assertThat(trimmer.event("no json")).isEqualTo("no json");
    }

    private static String configMap(String name, String more, String value) {
        return "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"t\",\"resourceVersion\":\"7\",\"labels\":{\"wsroute.dev/route\":\"chat\"}" + more
                + "},\"data\":{\"a\":\"" + value + "\"}}";
    }

    private ListSplitter splitter(WatchedKind kind) {
        return new ListSplitter((item, depth) -> trimmer.item(kind, item, depth));
    }

    private String split(WatchedKind kind, String text, int piece) {
        ListSplitter splitter = splitter(kind);
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < all.length; at += piece) {
            ByteBuffer kept = splitter.feed(List.of(ByteBuffer.wrap(all, at, Math.min(piece, all.length - at))));
            out.write(kept.array(), 0, kept.remaining());
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
