// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.wsroute.config.JwtAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token in its compact form (RFC 7515 §7.1) that nobody has verified yet. Of its header, {@code alg}, {@code kid}, {@code typ},
 * {@code crit} and {@code b64} count. All others are ignored, above all those that name or hold keys: {@code jku}, {@code jwk},
 * {@code x5u} and {@code x5c}.
 *
 * @param keyId {@code kid}; null for none
 * @param signed what the signature is of
 */
record UnverifiedToken(
        JwtAlgorithm algorithm, @Nullable String keyId, Claims claims, String signed, Base64URL signature) {

    /** Characters of a token. */
    static final int MAX_LENGTH = 16 * 1024;

    private static final String TOKEN_TYPE = "application/";

    /** Its algorithm alone. */
    @Override
    public String toString() {
        return "token with " + algorithm;
    }

    /** @throws TokenException if it is malformed, or of a form that is not accepted */
    static UnverifiedToken parse(String token) throws TokenException {
        if (token.length() > MAX_LENGTH) {
            throw new TokenException("The token has more than " + MAX_LENGTH + " characters");
        }
        int first = part(token, 0);
        int second = first < 0 ? -1 : part(token, first + 1);
        if (second < 0 || part(token, second + 1) >= 0 || !isBase64Url(token)) {
            throw new TokenException("The token is not three parts in base64url");
        }
        Map<String, Object> header = object(token.substring(0, first));
        JwtAlgorithm algorithm = algorithm(header);
        checkHeader(header);
        return new UnverifiedToken(
                algorithm,
                text(header, "kid"),
                Claims.of(object(token.substring(first + 1, second))),
                token.substring(0, second),
                new Base64URL(token.substring(second + 1)));
    }

    /** The index of the dot that ends the part; negative if there is none. */
    private static int part(String token, int start) {
        return token.indexOf('.', start);
    }

    /** The library's decoder skips characters that are not of the alphabet. */
    private static boolean isBase64Url(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Object> object(String part) throws TokenException {
        Map<String, Object> object = null;
        try {
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(new Base64URL(part).decode()))
                    .toString();
            object = JSONObjectUtils.parse(json);
        } catch (CharacterCodingException | ParseException | RuntimeException e) {
            // As if it were null.
        }
        if (object == null) {
            throw new TokenException("The token holds something that is not a JSON object");
        }
        return object;
    }

    private static JwtAlgorithm algorithm(Map<String, Object> header) throws TokenException {
        String name = text(header, "alg");
        JwtAlgorithm algorithm = name == null ? null : Algorithms.named(name);
        if (algorithm == null) {
            throw new TokenException("The token names no algorithm that exists here");
        }
        return algorithm;
    }

    private static void checkHeader(Map<String, Object> header) throws TokenException {
        // No extension is understood. RFC 7797 §7 forbids b64 in a JWT.
        if (header.containsKey("crit") || header.containsKey("b64")) {
            throw new TokenException("The token has a critical header or unencoded content");
        }
        String type = text(header, "typ");
        if (type != null && !isToken(type)) {
            throw new TokenException("The token is of another type than JWT and at+jwt");
        }
    }

    /** RFC 7519 §5.1, RFC 9068 §4; the prefix may be left out (RFC 7515 §4.1.9). */
    private static boolean isToken(String type) {
        boolean prefixed = type.regionMatches(true, 0, TOKEN_TYPE, 0, TOKEN_TYPE.length());
        String name = prefixed ? type.substring(TOKEN_TYPE.length()) : type;
        return name.equalsIgnoreCase("JWT") || name.equalsIgnoreCase("at+jwt");
    }

    private static @Nullable String text(Map<String, Object> header, String name) throws TokenException {
        Object value = header.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new TokenException("The token's header has a field of a wrong type");
    }
}
