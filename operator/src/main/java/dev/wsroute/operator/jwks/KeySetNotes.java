// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.Durations;
import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.compile.KeySetSource.Authorities;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An annotation of the ConfigMap with the published sets: where each comes from and when it was last confirmed. By it, a set
 * ages on while no operator runs, and is refreshed while its route is not accepted.
 */
public final class KeySetNotes {

    private static final Logger LOG = LoggerFactory.getLogger(KeySetNotes.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final int MOST = 64;

    private KeySetNotes() {}

    /** @param times of the sets that were confirmed, by their keys */
    static String text(Collection<KeySetNeed> needs, Map<String, Instant> times) {
        ObjectNode notes = JSON.createObjectNode();
        for (KeySetNeed need : needs) {
            ObjectNode note = notes.putObject(need.key());
            note.put("uri", need.source().uri());
            Authorities authorities = need.source().authorities();
            if (authorities != null) {
                ArrayNode objects = note.putArray("configMaps");
                authorities.configMaps().forEach(objects::add);
            }
            note.put("staleFor", Durations.format(need.staleFor()));
            Instant time = times.get(need.key());
            if (time != null) {
                note.put("confirmed", time.truncatedTo(ChronoUnit.SECONDS).toString());
            }
        }
        return notes.isEmpty() ? "" : notes.toString();
    }

    /** What the annotation is about. Somebody else may have changed it: what cannot be read is left out. */
    public static List<KeySetNeed> needs(@Nullable String annotation, String namespace) {
        List<KeySetNeed> needs = new ArrayList<>();
        read(annotation).properties().stream()
                .limit(MOST)
                .forEach(note -> need(note.getKey(), note.getValue(), namespace).ifPresent(needs::add));
        return needs;
    }

    private static Optional<KeySetNeed> need(String key, JsonNode note, String namespace) {
        String uri = note.path("uri").asText();
        List<String> configMaps = new ArrayList<>();
        note.path("configMaps").forEach(name -> configMaps.add(name.asText()));
        Authorities authorities = configMaps.isEmpty() ? null : new Authorities(namespace, configMaps);
        try {
            Duration staleFor = Durations.parse(note.path("staleFor").asText());
            return JwksUri.of(uri).isEmpty() || configMaps.size() > MOST
                    ? Optional.empty()
                    : Optional.of(new KeySetNeed(key, key, new KeySetSource(uri, authorities), staleFor));
        } catch (IllegalArgumentException e) {
            LOG.debug("An annotation was changed", e);
            return Optional.empty();
        }
    }

    /** When the set under this key was last confirmed; null if nobody knows. */
    static @Nullable Instant confirmed(@Nullable String annotation, String key) {
        try {
            return Instant.parse(read(annotation).path(key).path("confirmed").asText());
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static JsonNode read(@Nullable String annotation) {
        try {
            return annotation == null || annotation.isEmpty() ? JSON.createObjectNode() : JSON.readTree(annotation);
        } catch (JsonProcessingException e) {
            LOG.debug("An annotation was changed", e);
            return JSON.createObjectNode();
        }
    }
}
