// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.proxy.microbench.Microbenchmark;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Cost of a token of an ordinary size: to read and verify it, and to recognise it (ADR 53). RSA keys have 2,048 bits. */
public class VerificationBenchmark extends Microbenchmark {

    private static final String CLAIMS =
            "{\"iss\":\"https://id.example.com/realms/main\",\"aud\":[\"chat\",\"account\"],"
                    + "\"sub\":\"f:0e6a3c9c-8a53-4b9e-9b0e-2f0f3f1b6a10:42\",\"jti\":\"6b0c4f1e-1f1c-4a43-a9d5-9a6d4f1f0c52\","
                    + "\"iat\":1700000000,\"exp\":4700000000,\"scope\":\"openid chat profile email\",\"azp\":\"web\","
                    + "\"realm_access\":{\"roles\":[\"user\",\"offline_access\",\"uma_authorization\"]},\"name\":\"Ada Lovelace\","
                    + "\"email\":\"ada@example.com\",\"email_verified\":true}";

    @Param({"ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA"})
    public JwtAlgorithm algorithm = JwtAlgorithm.ES256;

    private String token = "";
    private @Nullable ProviderVerifier verifier;
    private final VerifiedTokens known = new VerifiedTokens(1600, 16 * 1024 * 1024);
    private final byte[] scope = VerifiedTokens.hash("scope");

    @Setup
    public void sign() throws Exception {
        KeyPair keys = Tokens.keys(algorithm);
        KeyRing ring = Tokens.ring(keys);
        token = Tokens.sign(algorithm, keys.getPrivate(), CLAIMS);
        verifier = new ProviderVerifier(
                Tokens.provider(algorithm), () -> ring, Clock.systemUTC(), new UnknownKeys(Clock.systemUTC()));
        known.put(
                VerifiedTokens.key(scope, token),
                new VerifiedTokens.Verified(UnverifiedToken.parse(token).claims(), "main", ring));
    }

    @Benchmark
    public UnverifiedToken parse() throws TokenException {
        return UnverifiedToken.parse(token);
    }

    @Benchmark
    public UnverifiedToken verify() throws TokenException {
        ProviderVerifier by = Objects.requireNonNull(verifier);
        UnverifiedToken parsed = UnverifiedToken.parse(token);
        by.checkClaims(parsed, by.keys());
        by.checkSignature(parsed, by.keys());
        return parsed;
    }

    @Benchmark
    public VerifiedTokens.Verified recognise() {
        ByteBuffer key = VerifiedTokens.key(scope, token);
        return Objects.requireNonNull(known.find(key));
    }
}
