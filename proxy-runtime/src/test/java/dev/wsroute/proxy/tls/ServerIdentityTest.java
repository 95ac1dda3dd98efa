// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.testkit.Certificates;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServerIdentityTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");

    private static ServerIdentity parse(String certificate, String key) throws MaterialException {
        return ServerIdentity.parse("tls.crt", TlsFixture.bytes(certificate), "tls.key", TlsFixture.bytes(key));
    }

    @Test
    void readsChainKeyAndNames() throws Exception {
        Issued issued = CA.issue("dns:Chat.example.com", "dns:*.example.com", "ip:127.0.0.1");

        ServerIdentity identity = parse(issued.certificatePem() + CA.certificatePem(), issued.keyPem());

        assertThat(identity.names()).containsExactly("chat.example.com", "*.example.com");
        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.keyType()).isEqualTo("EC");
        assertThat(identity.validityFault(Instant.now())).isNull();
        assertThat(identity.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void readsRsaKeys() throws Exception {
        Certificates rsa = Certificates.of("dns:localhost", "RSA");

        assertThat(parse(rsa.certificatePem(), rsa.keyPem()).keyType()).isEqualTo("RSA");
        assertThatThrownBy(() -> parse(
                        rsa.certificatePem(),
                        Certificates.of("dns:localhost", "RSA").keyPem()))
                .hasMessage("The key does not match the certificate");
    }

    @Test
    void saysWhatIsWrong() {
        Issued one = CA.issue("dns:one.example.com");
        Issued two = CA.issue("dns:two.example.com");

        assertThatThrownBy(() -> parse(one.certificatePem(), two.keyPem()))
                .hasMessage("The key does not match the certificate");
        assertThatThrownBy(() -> parse("certificate", one.keyPem()))
                .hasMessage("The tls.crt holds no certificate in PEM");
        assertThatThrownBy(() -> parse(one.certificatePem(), "key"))
                .hasMessage("The tls.key holds no private key in PEM");
        Issued nameless = CA.issue();
        assertThatThrownBy(() ->
                        parse(nameless.certificatePem(), nameless.keyPem()).requireHost())
                .hasMessage("The certificate has no subject alternative name with a host");
    }

    @Test
    void knowsWhenItExpires() throws Exception {
        Instant end = Instant.parse("2026-01-02T03:04:05Z");
        Issued expired = CA.issue("test", end, "dns:chat.example.com");

        ServerIdentity identity = parse(expired.certificatePem(), expired.keyPem());

        assertThat(identity.notAfter()).isEqualTo(end);
        assertThat(identity.validityFault(end)).isEqualTo("The certificate expired at 2026-01-02T03:04:05Z");
        assertThat(identity.validityFault(end.minus(Duration.ofDays(32)))).contains("is not valid before");
    }
}
