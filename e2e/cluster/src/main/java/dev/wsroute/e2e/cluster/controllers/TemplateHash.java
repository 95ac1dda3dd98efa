// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.nio.charset.StandardCharsets;

/** The value of the label pod-template-hash: it distinguishes the ReplicaSets of one Deployment. */
final class TemplateHash {

    static final String LABEL = "pod-template-hash";

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private TemplateHash() {}

    static String of(PodTemplateSpec template) {
        try {
            return RandomNames.encode(fnv1a(CANONICAL.writeValueAsString(template)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a pod template cannot be written as JSON", e);
        }
    }

    private static long fnv1a(String text) {
        int hash = 0x811c9dc5;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return Integer.toUnsignedLong(hash);
    }
}
