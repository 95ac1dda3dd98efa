// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The version of a {@link ProxyConfig}.
 *
 * @param generation {@code metadata.generation} of the route that it was compiled from
 * @param hash of the document without this field: two documents of one generation can differ, since the names of Service
 *     ports are resolved when the operator compiles
 */
public record ConfigVersion(
        @JsonPropertyDescription("metadata.generation of the route.") @JsonProperty(required = true)
        long generation,

        @JsonPropertyDescription("Hash of the document without this field.") @JsonProperty(required = true)
        String hash) {

    /** Maximum length of a hash in a document, in characters. */
    static final int MAX_HASH = 64;

    private static final int HASH_BYTES = 6;

    /** Shared, since creating a parser costs far more than parsing a document. */
    private static final ProxyConfigParser WRITER = new ProxyConfigParser();

    /** Computes the version of {@code config}; its current version is ignored. */
    public static ConfigVersion of(long generation, ProxyConfig config) {
        return new ConfigVersion(generation, hash(config));
    }

    /** The first 12 hexadecimal digits of the SHA-256 of the document without its version, as {@link ProxyConfigParser} writes it. */
    public static String hash(ProxyConfig config) {
        String text = WRITER.write(config.withVersion(null));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return generation + "-" + hash;
    }
}
