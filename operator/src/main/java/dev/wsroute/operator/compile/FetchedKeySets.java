// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AccessSpec;
import dev.wsroute.api.v1alpha1.JwksSpec;
import dev.wsroute.api.v1alpha1.JwksSpec.CaCertificateRef;
import dev.wsroute.api.v1alpha1.JwtSpec;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.Durations;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.operator.compile.KeySetSource.Authorities;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key sets of a route that the operator fetches. The document has only the place where they are published: proxies know no URIs.
 */
final class FetchedKeySets {

    /** A ConfigMap has to hold them. */
    static final int MOST = 8;

    private static final Duration DEFAULT_STALE_FOR = Duration.ofHours(24);
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int DIGITS = 16;
    private static final int MAX_AUTHORITIES = 16;
    private static final int MAX_NAME = 253;

    private final ObjectMeta route;
    private final Map<String, KeySetNeed> needs = new LinkedHashMap<>();

    FetchedKeySets(ObjectMeta route) {
        this.route = route;
    }

    /** Where proxies find the key set of a valid {@code spec}. */
    KeySource add(String rule, String provider, JwksSpec spec) {
        List<CaCertificateRef> refs = spec.caCertificateRefs();
        Authorities authorities = refs == null
                ? null
                : new Authorities(
                        route.getNamespace(),
                        refs.stream().map(CaCertificateRef::name).toList());
        KeySetSource source = new KeySetSource(spec.uri(), authorities);
        Duration staleFor = spec.staleFor() == null ? DEFAULT_STALE_FOR : Durations.parse(spec.staleFor());
        String key = key(source, staleFor);
        needs.putIfAbsent(key, new KeySetNeed(key, "Rule " + rule + ", provider " + provider, source, staleFor));
        return new KeySource(new ObjectRef(route.getNamespace(), KeySetsMap.name(route.getName())), null, null, key);
    }

    /** Those that were added, each once. */
    List<KeySetNeed> needs() {
        return List.copyOf(needs.values());
    }

    /** Another URI, other authorities or another time have another key, so that no proxy takes one set for another. */
    private static String key(KeySetSource source, Duration staleFor) {
        String identity = String.join(
                "\n",
                source.uri(),
                source.authorities() == null
                        ? ""
                        : String.join(" ", source.authorities().configMaps()),
                staleFor.toString());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS) + ".json";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One sentence for each fault of the providers of a spec. */
    static List<String> problems(WebSocketRouteSpec spec) {
        List<String> problems = new ArrayList<>();
        Set<JwksSpec> distinct = new HashSet<>();
        for (int i = 0; i < spec.rules().size(); i++) {
            AccessSpec access = spec.rules().get(i).access();
            JwtSpec jwt = access == null ? null : access.jwt();
            List<JwtSpec.ProviderSpec> providers = jwt == null ? null : jwt.providers();
            for (int j = 0; providers != null && j < providers.size(); j++) {
                String path = "spec.rules[" + i + "].access.jwt.providers[" + j + "]";
                JwksSpec jwks = providers.get(j).jwks();
                if ((jwks == null) == (providers.get(j).keyRefs() == null)) {
                    problems.add(path + " needs either keyRefs or jwks");
                }
                if (jwks != null) {
                    distinct.add(jwks);
                    problems.addAll(problems(path + ".jwks", jwks));
                }
            }
        }
        if (distinct.size() > MOST) {
            problems.add("spec.rules must not name more than " + MOST + " different key sets by jwks, got "
                    + distinct.size());
        }
        return problems;
    }

    /** One sentence for each fault, with {@code path} as that of {@code spec}. */
    static List<String> problems(String path, JwksSpec spec) {
        List<String> problems = new ArrayList<>();
        if (spec.uri() == null || JwksUri.of(spec.uri()).isEmpty()) {
            problems.add(
                    path + ".uri must be an https URI with a host name, without user information and fragment, such as"
                            + " https://id.example.com/keys, got \"" + spec.uri() + "\"");
        }
        if (spec.staleFor() != null && !isStaleFor(spec.staleFor())) {
            problems.add(path
                    + ".staleFor must be a duration such as 500ms, 15s or 1h30m, at least 5m and at most 720h, got \""
                    + spec.staleFor() + "\"");
        }
        List<CaCertificateRef> refs = spec.caCertificateRefs();
        if (refs != null && (refs.isEmpty() || refs.size() > MAX_AUTHORITIES)) {
            problems.add(path + ".caCertificateRefs must have 1 to " + MAX_AUTHORITIES + " items, got " + refs.size());
        }
        for (int i = 0; refs != null && i < refs.size(); i++) {
            if (!isObjectName(refs.get(i).name())) {
                problems.add(path + ".caCertificateRefs[" + i + "].name must be the name of a Kubernetes object:"
                        + " lower-case letters, digits, inner hyphens and inner dots, got \""
                        + refs.get(i).name() + "\"");
            }
        }
        return problems;
    }

    private static boolean isStaleFor(String text) {
        try {
            Duration duration = Durations.parse(text);
            return duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isObjectName(@Nullable String name) {
        return name != null
                && name.length() <= MAX_NAME
                && name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    }
}
