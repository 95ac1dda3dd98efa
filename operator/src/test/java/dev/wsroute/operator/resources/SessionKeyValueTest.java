// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reading and writing the key of session cookies in a Secret. */
class SessionKeyValueTest {

    @Test
    void aNewOneHas32BytesAndIsLikeNoOther() {
        SessionKeyValue one = SessionKeyValue.random(new SecureRandom());
        SessionKeyValue other = SessionKeyValue.random(new SecureRandom());

        assertThat(Base64.getDecoder().decode(one.base64())).hasSize(32);
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void aLongEnoughKeyIsReadUnchanged() {
        assertThat(SessionKeyValue.in(secret(32))).contains(new SessionKeyValue(base64(32)));
        assertThat(SessionKeyValue.in(secret(64))).contains(new SessionKeyValue(base64(64)));
    }

    @Test
    void aTooShortOrMissingKeyIsIgnored() {
        assertThat(SessionKeyValue.in(secret(31))).isEmpty();
        assertThat(SessionKeyValue.in(new SecretBuilder().build())).isEmpty();
        assertThat(SessionKeyValue.in(new SecretBuilder()
                        .withData(Map.of("other", base64(32)))
                        .build()))
                .isEmpty();
    }

    @Test
    void toStringDoesNotRevealTheKey() {
        assertThat(new SessionKeyValue(base64(32)).toString()).doesNotContain(base64(32));
    }

    private static Secret secret(int bytes) {
        return new SecretBuilder().withData(Map.of("key", base64(bytes))).build();
    }

    private static String base64(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
