// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.Bound;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.config.Durations;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.Pairs;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Range;
import dev.wsroute.config.RecordFields;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.Span;
import dev.wsroute.config.Text;
import dev.wsroute.config.TextForm;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Values at and beyond the bounds of each field that the custom resource and the proxy's document share. */
final class BoundaryValues {

    /** Fields that differ in shape between the two. The table is in docs/user-guide.md. */
    private static final Set<String> DIFFERENT = Set.of(
            "schemaVersion",
            "listeners",
            "backends",
            "name",
            "version",
            "sessionKey",
            "ticketKeys",
            "reports",
            "proxies",
            "routes",
            "address",
            "port",
            "certificates",
            "caCertificates",
            "clientCertificate",
            "service",
            "redirectFrom",
            "keys",
            "credentials",
            "denyList");

    private static final Set<TextForm> HOSTS = Set.of(TextForm.HOSTNAME, TextForm.PRECISE_HOSTNAME, TextForm.AUTHORITY);

    /** Forms of texts that cannot be extended to any length. */
    private static final Set<TextForm> BOUNDED = Set.of(TextForm.ADDRESS_OR_RANGE, TextForm.ORIGIN);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A short text of each form, which can be extended by repeating its last character. */
    private static final Map<TextForm, String> SAMPLES = Map.ofEntries(
            Map.entry(TextForm.ANY, "/a"),
            Map.entry(TextForm.HOSTNAME, "a.example.com"),
            Map.entry(TextForm.PRECISE_HOSTNAME, "a.example.com"),
            Map.entry(TextForm.AUTHORITY, "a.example.com"),
            Map.entry(TextForm.OBJECT_NAME, "chat-tls"),
            Map.entry(TextForm.DATA_KEY, "jwks.json"),
            Map.entry(TextForm.PATH, "/a"),
            Map.entry(TextForm.TOKEN, "X-Sample"),
            Map.entry(TextForm.CHANGEABLE_HEADER, "X-Sample"),
            Map.entry(TextForm.TRAILER, "X-Sample"),
            Map.entry(TextForm.HEADER_VALUE, "a"),
            Map.entry(TextForm.COOKIE_NAME, "sample"),
            Map.entry(TextForm.REALM, "chat room"),
            Map.entry(TextForm.ORIGIN, "https://a.example.com"),
            Map.entry(TextForm.ADDRESS_OR_RANGE, "10.0.0.0/8"));

    private static final Map<TextForm, List<String>> MISSHAPEN = Map.ofEntries(
            Map.entry(TextForm.HOSTNAME, List.of("A.example.com", "a.example.com:80", "a..b", "*.*.a", "-a.b")),
            Map.entry(TextForm.OBJECT_NAME, List.of("Chat", "a/b", "-a", "a..b", "a_b")),
            Map.entry(TextForm.DATA_KEY, List.of("a/b", "a b", "é")),
            Map.entry(TextForm.PRECISE_HOSTNAME, List.of("*.a.b", "A.b", "a.b:80", "10.0.0.1", "a.b.", "-a.b")),
            Map.entry(
                    TextForm.AUTHORITY,
                    List.of("*.a.b", "a.b:0", "a.b:65536", "2001:db8::1", "[2001:db8:::1]:80", "http://a")),
            Map.entry(TextForm.PATH, List.of("a", "/a b", "/a?b", "/a#b")),
            Map.entry(TextForm.TOKEN, List.of("a b", "a:", "é")),
            Map.entry(TextForm.CHANGEABLE_HEADER, List.of("a b", "Host", "connection", "Sec-WebSocket-Key")),
            Map.entry(TextForm.TRAILER, List.of("a b", "content_length", "Set-Cookie", "X-Forwarded-For")),
            Map.entry(TextForm.HEADER_VALUE, List.of(" a", "a ", "a\nb", "é")),
            Map.entry(TextForm.COOKIE_NAME, List.of("a=b", "a b", "é")),
            Map.entry(TextForm.REALM, List.of("a\"b", "a\\b", "é", "a\nb")),
            Map.entry(
                    TextForm.ORIGIN,
                    List.of("*", "a.example.com", "https://A.b", "https://a.b/", "https://*", "https://a.b:0", "Null")),
            Map.entry(
                    TextForm.ADDRESS_OR_RANGE,
                    List.of("lb.example.com", "10.0.0.0/33", "fd00::/129", "10.0.0", "10.0.0.0/")));

    private final List<FieldValue> values = new ArrayList<>();

    private BoundaryValues() {}

    /**
     * @param path below {@code spec}, such as {@code rules[0].timeouts.connect}
     * @param sentence the message that both must use; empty if Kubernetes has its own
     */
    record FieldValue(String path, JsonNode value, boolean fits, String sentence) {

        @Override
        public String toString() {
            String text = value.toString();
            return path + ": " + (text.length() <= 60 ? text : text.substring(0, 57) + "...");
        }
    }

    static List<FieldValue> all() {
        BoundaryValues all = new BoundaryValues();
        all.fields("", RouteConfig.class);
        all.fields("proxy.", ProxyConfig.class);
        all.bounds(
                "rules[0].backendRefs[0].weight",
                Objects.requireNonNull(RecordFields.of(BackendConfig.class).get("weight")));
        all.backendTls("rules[0].backendRefs[0].tls.");
        all.backendTls("rules[0].access.external.service.tls.");
        all.tokens("rules[0].access.jwt.");
        all.credentials("rules[0].access.");
        all.listener("proxy.listeners[0].");
        return all.values;
    }

    private void backendTls(String prefix) {
        fields(prefix, BackendTls.class);
        for (String name : List.of("caCertificateRefs[0].name", "clientCertificateRef.name")) {
            fits(prefix + name, JSON.textNode("chat-tls"));
            // Kubernetes reports this with the pattern.
            refused(prefix + name, JSON.textNode("Chat"), "");
            refused(prefix + name, JSON.textNode(""), "");
        }
    }

    private void tokens(String prefix) {
        RecordComponent name =
                Objects.requireNonNull(RecordFields.of(ObjectRef.class).get("name"));
        for (String path : List.of("providers[0].name", "providers[0].keyRefs[0].name")) {
            fits(prefix + path, JSON.textNode("main"));
            // Kubernetes reports this with the pattern.
            refused(prefix + path, JSON.textNode("Main"), "");
            refused(prefix + path, JSON.textNode(""), "");
        }
        bounds(
                prefix + "providers[0].keyRefs[0].key",
                Objects.requireNonNull(RecordFields.of(KeySource.class).get("key")));
        bounds(prefix + "denyListRef.name", name);
    }

    private void credentials(String prefix) {
        for (String rules : List.of("apiKeys.", "basic.")) {
            String secret = prefix + rules + "secretRef.";
            fits(secret + "name", JSON.textNode("main"));
            // Kubernetes reports this with the pattern.
            refused(secret + "name", JSON.textNode("Main"), "");
            refused(secret + "name", JSON.textNode(""), "");
            bounds(
                    secret + "key",
                    Objects.requireNonNull(
                            RecordFields.of(CredentialSource.class).get("key")));
        }
    }

    /** The paths of all shared fields, with {@code []} for the items of lists. */
    static Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        all().forEach(value -> paths.add(value.path.replace("[0]", "[]")));
        return paths;
    }

    private void listener(String prefix) {
        fields(prefix, ListenerConfig.class);
        RecordComponent name =
                Objects.requireNonNull(RecordFields.of(ObjectRef.class).get("name"));
        bounds(prefix + "tls.certificateRefs[0].name", name);
        bounds(prefix + "tls.clientCertificates.caCertificateRefs[0].name", name);
        fits(prefix + "tls.redirectFrom", JSON.textNode("web"));
        refused(
                prefix + "tls.redirectFrom",
                JSON.textNode("missing"),
                "tls.redirectFrom must be the name of a listener with protocol HTTP");
    }

    private void fields(String prefix, Class<?> type) {
        RecordFields.of(type).forEach((name, field) -> {
            boolean named = name.equals("name")
                    && (prefix.endsWith("consistentHash.")
                            || (prefix.contains(".jwt.") && !prefix.contains("providers"))
                            || prefix.endsWith(".from[0]."));
            if (!DIFFERENT.contains(name) || named) {
                field(prefix + name, field, field.getGenericType());
            }
        });
    }

    private void field(String path, RecordComponent field, Type type) {
        if (type instanceof ParameterizedType list) {
            Pairs pairs = field.getAnnotation(Pairs.class);
            if (pairs == null) {
                field(path + "[0]", field, list.getActualTypeArguments()[0]);
            } else {
                text(path + "[0].name", pairs.name());
                text(path + "[0].value", pairs.value());
            }
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            fields(path + ".", plain);
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            for (Object constant : plain.getEnumConstants()) {
                fits(path, JSON.textNode(constant.toString()));
            }
            refused(path, JSON.textNode("Nonsense"), "");
        } else if (type == Boolean.class) {
            fits(path, JSON.booleanNode(true));
            refused(path, JSON.textNode("yes"), "");
        } else {
            bounds(path, field);
        }
    }

    private void bounds(String path, RecordComponent field) {
        Range range = field.getAnnotation(Range.class);
        Span span = field.getAnnotation(Span.class);
        Text text = field.getAnnotation(Text.class);
        if (range != null) {
            String sentence = Bound.of(field).get(0).sentence();
            fits(path, number(range.min()));
            fits(path, number(range.max()));
            refused(path, number(range.min() - 1), sentence);
            refused(path, number(range.max() + 1), sentence);
            refused(path, JSON.textNode("many"), "");
        } else if (span != null) {
            span(path, span, Bound.of(field).get(0).sentence());
        } else if (text != null) {
            text(path, text);
        } else {
            throw new IllegalStateException(path + " has no bound");
        }
    }

    private void span(String path, Span span, String sentence) {
        Duration min = Durations.parse(span.min());
        Duration max = Durations.parse(span.max());
        fits(path, JSON.textNode(span.min()));
        fits(path, JSON.textNode(span.max()));
        if (!min.isZero()) {
            refused(path, JSON.textNode(Durations.format(min.minusMillis(1))), sentence);
        }
        refused(path, JSON.textNode(Durations.format(max.plusMillis(1))), sentence);
        refused(path, JSON.textNode("soon"), sentence);
        refused(path, JSON.textNode("1d"), sentence);
        refused(path, JSON.numberNode(5), "");
    }

    private void text(String path, Text text) {
        String sample = Objects.requireNonNull(SAMPLES.get(text.form()));
        fits(path, JSON.textNode(sample));
        if (text.min() == 0) {
            fits(path, JSON.textNode(""));
        } else {
            refused(path, JSON.textNode(""), "");
        }
        if (HOSTS.contains(text.form())) {
            fits(path, JSON.textNode("a.".repeat(126) + "a"));
            refused(path, JSON.textNode("a.".repeat(126) + "aa"), "");
            refused(path, JSON.textNode("a.".repeat(130) + "a"), "");
        } else if (!BOUNDED.contains(text.form())) {
            fits(path, JSON.textNode(sample + "a".repeat(text.max() - sample.length())));
            refused(path, JSON.textNode(sample + "a".repeat(text.max() + 1 - sample.length())), "");
        }
        for (String misshapen : MISSHAPEN.getOrDefault(text.form(), List.of())) {
            String sentence = text.form().clauses().stream()
                    .filter(clause -> !clause.holds().test(misshapen))
                    .findFirst()
                    .filter(clause -> clause.cel() != null)
                    .map(TextForm.Clause::sentence)
                    .orElse("");
            refused(path, JSON.textNode(misshapen), sentence);
        }
    }

    private static JsonNode number(long number) {
        return MAPPER.valueToTree(number);
    }

    private void fits(String path, JsonNode value) {
        values.add(new FieldValue(path, value, true, ""));
    }

    private void refused(String path, JsonNode value, String sentence) {
        values.add(new FieldValue(path, value, false, sentence));
    }
}
