// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which state of its source a {@link ProxyConfig} was compiled from.
 *
 * @param generation {@code metadata.generation} of the route
 * @param hash of the document's content without this field: two documents of one generation can differ, since the
 *     names of service ports are looked up when the operator compiles
 */
public record ConfigVersion(
        @JsonPropertyDescription("metadata.generation of the route.") @JsonProperty(required = true)
        long generation,

        @JsonPropertyDescription("Hash of the document without this field.") @JsonProperty(required = true)
        String hash) {

    /** The longest hash that a document may name, in characters. */
    static final int MAX_HASH = 64;

    private static final int HASH_BYTES = 6;

    /** Kept, since what a parser learns of the types costs far more than a document. */
    private static final ProxyConfigParser WRITER = new ProxyConfigParser();

    /** The version of {@code config}, whatever version it bears now. */
    public static ConfigVersion of(long generation, ProxyConfig config) {
        return new ConfigVersion(generation, hash(config));
    }

    /** The first 12 hexadecimal digits of the SHA-256 of the document as {@link ProxyConfigParser} writes it, without its version. */
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
