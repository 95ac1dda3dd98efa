// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The claims of a token (RFC 7519 §4). Immutable. */
final class Claims {

    /** Seconds: the end of the year 9999. Larger numbers are milliseconds by mistake. */
    private static final double LATEST = 253_402_300_799d;

    /** Characters of {@code iss}, {@code sub} and {@code jti}. OpenID Connect Core 1.0 §2 allows 255. */
    static final int LONGEST_NAME = 1024;

    private final Map<String, Object> all;
    private final @Nullable String issuer;
    private final Set<String> audience;
    private final @Nullable Long expiresAt;
    private final @Nullable Long notBefore;
    private final @Nullable Long issuedAt;

    private Claims(Map<String, Object> all) throws TokenException {
        this.all = all;
        this.issuer = text("iss");
        this.audience = audience(all.get("aud"));
        this.expiresAt = time("exp");
        this.notBefore = time("nbf");
        this.issuedAt = time("iat");
        if (issuer != null && issuer.length() > LONGEST_NAME) {
            throw new TokenException("The token has a claim iss that is too long");
        }
        checkName("sub");
        checkName("jti");
    }

    /**
     * @param all as the library reads JSON; must not change
     * @throws TokenException if a registered claim is of a wrong type, or no deny list could name the token
     */
    static Claims of(Map<String, Object> all) throws TokenException {
        return new Claims(all);
    }

    private @Nullable String text(String name) throws TokenException {
        Object value = all.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new TokenException("The token has a claim " + name + " that is not text");
    }

    /** Nobody could revoke a token that no line of a deny list can name, or that takes too much memory to be kept with its WebSocket. */
    private void checkName(String name) throws TokenException {
        String value = text(name);
        if (value != null
                && (value.isEmpty()
                        || value.length() > LONGEST_NAME
                        || value.indexOf('\n') >= 0
                        || !value.equals(value.strip())
                        || !StandardCharsets.UTF_8.newEncoder().canEncode(value))) {
            throw new TokenException("The token has a claim " + name + " that no deny list could name");
        }
    }

    private static Set<String> audience(@Nullable Object value) throws TokenException {
        if (value == null) {
            return Set.of();
        }
        if (value instanceof String one) {
            return Set.of(one);
        }
        if (value instanceof List<?> several && several.stream().allMatch(String.class::isInstance)) {
            return several.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
        }
        throw new TokenException("The token has a claim aud that is neither text nor a list of texts");
    }

    /** Milliseconds since 1970; null if absent. A NumericDate may have a fraction (RFC 7519 §2). */
    private @Nullable Long time(String name) throws TokenException {
        Object value = all.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && Math.abs(number.doubleValue()) <= LATEST) {
            return (long) (number.doubleValue() * 1000);
        }
        throw new TokenException("The token has a claim " + name + " that is not a time");
    }

    /** Null for none. */
    @Nullable String issuer() {
        return issuer;
    }

    Set<String> audience() {
        return audience;
    }

    /** Milliseconds since 1970; null if it never expires. */
    @Nullable Long expiresAt() {
        return expiresAt;
    }

    @Nullable Long notBefore() {
        return notBefore;
    }

    @Nullable Long issuedAt() {
        return issuedAt;
    }

    /** {@code sub}; null for none. */
    @Nullable String subject() {
        return (String) all.get("sub");
    }

    /** {@code jti}; null for none. */
    @Nullable String id() {
        return (String) all.get("jti");
    }

    /** The value of a claim: text, a number, a boolean, a list or an object; null for none. */
    @Nullable Object get(String name) {
        return all.get(name);
    }

    /** Approximate heap usage in bytes. */
    long heapBytes() {
        return 256 + bytes(all);
    }

    private static long bytes(@Nullable Object value) {
        long bytes = 32;
        if (value instanceof String text) {
            bytes += 24 + 2L * text.length();
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                bytes += 8 + bytes(item);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                bytes += 64 + bytes(entry.getKey()) + bytes(entry.getValue());
            }
        }
        return bytes;
    }
}
