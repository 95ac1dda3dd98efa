// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PinSignerTest {

    private static final byte[] BYTES = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final PinSigner signer = new PinSigner(SessionCookieKey.of(BYTES));

    @Test
    void whatWasWrittenCanBeRead() {
        Pin pin = new Pin(signer.token("pod:80"), 1_800_000_000L);

        assertThat(signer.read(signer.write(pin))).isEqualTo(pin);
    }

    /** Proxies of other versions must understand the format. */
    @Test
    void theValueStaysWhatItIs() {
        Pin pin = new Pin(signer.token("pod:80"), 1_800_000_000L);

        assertThat(signer.write(pin)).isEqualTo("ldpwOM6Gx831ArnAu0YvEAAAAABrSdIA3aFhvnw38jG3nxuFIlX8Cw");
    }

    @Test
    void theSameEndpointHasAnotherTokenWithAnotherKey() {
        assertThat(new PinSigner(SessionCookieKey.random()).token("pod:80")).isNotEqualTo(signer.token("pod:80"));
        assertThat(signer.token("pod:81")).isNotEqualTo(signer.token("pod:80"));
    }

    @Test
    void aKeyBelow32BytesIsRefused() {
        assertThatThrownBy(() -> SessionCookieKey.of(new byte[31]))
                .hasMessage("it has 31 bytes, but needs at least" + " 32");
    }

    @Test
    void aKeyIsNeverPrinted() {
        assertThat(SessionCookieKey.of(BYTES).toString()).isEqualTo("a key of 32 bytes");
    }
}
