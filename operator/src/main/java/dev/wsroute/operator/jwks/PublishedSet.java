// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.keys.KeySet;
import dev.wsroute.keys.KeySetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/**
 * The form in which a fetched set is published: what verification needs, in an order that does not change if the server shuffles its
 * keys. Certificates, and whatever else a server adds, stay out.
 */
final class PublishedSet {

    /** RFC 7517 §4, RFC 7518 §6. */
    private static final List<String> MEMBERS =
            List.of("kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y");

    /** Refuses what another parser could read differently. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PublishedSet() {}

    /** @throws UnusableSetException if the proxies could not use it */
    static String of(String answer) throws UnusableSetException {
        try {
            // Of the whole answer, since a private key is a reason to refuse it.
            KeySet.parse(bytes(answer));
            String published = reduced(answer);
            KeySet.parse(bytes(published));
            return published;
        } catch (KeySetException e) {
            String sentence = e.sentence();
            throw new UnusableSetException(Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1), e);
        } catch (JsonProcessingException e) {
            throw new UnusableSetException("the key set is not a JWK Set in JSON", e);
        }
    }

    /** Whether {@code text} is a set that proxies can use, as it is. */
    static boolean isUsable(String text) {
        try {
            return !KeySet.parse(bytes(text)).keys().isEmpty();
        } catch (KeySetException e) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String reduced(String answer) throws JsonProcessingException {
        TreeSet<String> keys = new TreeSet<>();
        for (JsonNode key : JSON.readTree(answer).path("keys")) {
            ObjectNode kept = JSON.createObjectNode();
            for (String member : MEMBERS) {
                if (key.has(member)) {
                    kept.set(member, key.get(member));
                }
            }
            keys.add(kept.toString());
        }
        ArrayNode sorted = JSON.createArrayNode();
        for (String key : keys) {
            sorted.add(JSON.readTree(key));
        }
        return JSON.createObjectNode().set("keys", sorted).toString();
    }
}
