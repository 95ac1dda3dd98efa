// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.keys.KeyKind;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The algorithms that exist. A token that names another one, such as {@code none} or {@code HS256}, names nothing. */
final class Algorithms {

    private static final Map<String, JwtAlgorithm> BY_NAME =
            Arrays.stream(JwtAlgorithm.values()).collect(Collectors.toMap(JwtAlgorithm::name, Function.identity()));

    private Algorithms() {}

    /** @param name as in a header, case-sensitive (RFC 7515 §4.1.1); null if there is none of this name */
    static @Nullable JwtAlgorithm named(String name) {
        return BY_NAME.get(name);
    }

    /** The same for the library. */
    static JWSAlgorithm jose(JwtAlgorithm algorithm) {
        return JWSAlgorithm.parse(algorithm.name());
    }

    /** The only kind of keys that it works with. */
    static KeyKind kind(JwtAlgorithm algorithm) {
        return switch (algorithm) {
            case RS256, RS384, RS512, PS256, PS384, PS512 -> KeyKind.RSA;
            case ES256 -> KeyKind.P256;
            case ES384 -> KeyKind.P384;
            case ES512 -> KeyKind.P521;
            case EdDSA -> KeyKind.ED25519;
        };
    }
}
