// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.testkit.TestAuthority;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PemTest {

    private static final String CERTIFICATE =
            TestAuthority.named("CA").issue("dns:a.example.com").certificatePem();

    @Test
    void textBetweenTheBlocksIsIgnored() throws IOException {
        byte[] pem = ("subject=a\n" + CERTIFICATE + "issuer=b\n" + CERTIFICATE + "end\n").getBytes(ISO_8859_1);

        assertThat(Pem.certificates("file", pem)).hasSize(2);
    }

    @Test
    void aChainThatIsCutOffIsRefusedWhereverItEnds() {
        int last = CERTIFICATE.lastIndexOf("-----");
        for (int cut = "-----BEGIN ".length(); cut < last; cut += 7) {
            byte[] pem = (CERTIFICATE + CERTIFICATE.substring(0, cut)).getBytes(ISO_8859_1);

            assertThatThrownBy(() -> Pem.certificates("file", pem))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The file is cut off: a PEM block has no end");
        }
    }

    @Test
    void theDashesOfABeginningAreNotThoseOfAnEnd() {
        byte[] pem = "-----BEGIN CERTIFICATE--------END CERTIFICATE-----".getBytes(ISO_8859_1);

        assertThatThrownBy(() -> Pem.certificates("file", pem))
                .isInstanceOf(IOException.class)
                .hasMessage("The file is cut off: a PEM block has no end");
    }

    @Test
    void aMillionBeginningsAreReadOnce() {
        byte[] pem = "-----BEGIN A-----\n".repeat(1 << 20).getBytes(ISO_8859_1);

        assertThatThrownBy(() -> Pem.certificates("file", pem)).hasMessageContaining("is cut off");
    }
}
