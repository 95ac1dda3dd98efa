// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {

    private final Tokens tokens = new Tokens();

    @Test
    void eachIsAnotherOneThatThePublicKeyVerifies() throws Exception {
        List<String> minted = tokens.mint(3);

        assertThat(minted).doesNotHaveDuplicates().hasSize(3);
        for (String token : minted) {
            String[] parts = token.split("\\.");
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(publicKey());
            signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2])))
                    .isTrue();
            JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
            assertThat(claims.get("iss").asText()).isEqualTo(Tokens.ISSUER);
            assertThat(claims.get("exp").asLong()).isGreaterThan(Instant.now().getEpochSecond());
        }
    }

    private PublicKey publicKey() throws Exception {
        String lines = tokens.pem().replaceAll("-----.*-----", "");
        return KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(lines)));
    }
}
