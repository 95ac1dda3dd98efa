// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service learns about the client's certificate. */
class CertificateTest extends ExternalFixture {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final TestAuthority CLIENTS = TestAuthority.named("clients");
    private static final Issued CHAT = CA.issue("dns:chat.example.com");
    private static final Issued ROBOT = CLIENTS.issue("dns:robot.example.com");

    private final TlsListener asking = TlsFixture.listener(Mode.Request, CLIENTS, CHAT);
    private final TlsListener silent = TlsFixture.listener(CHAT);

    @AfterEach
    void renew() {
        TlsFixture.renew(asking);
        TlsFixture.renew(silent);
    }

    /** What a service is told, and the backend, about a request through a trusted peer that claims a certificate. */
    private List<String> told(TlsListener listener, SSLContext client) throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .tls(listener)
                .rule(rule -> rule.access(AccessConfig.ofService(Terms.DEFAULT.of(service.address()))))
                .start());
        proxy.apply(ProxyTerms.of(
                LimitsConfig.DEFAULT, new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled)));
        open(RawPeer.secure(proxy.address(), client, "chat.example.com"))
                .send(TestProxy.handshake("X-Forwarded-Client-Cert: Hash=claimed"));
        String request = open(backend.accept()).readHead();

        List<String> told = service.asked().get(0).all("X-Forwarded-Client-Cert");
        List<String> backendTold = request.lines()
                .filter(line -> line.startsWith("X-Forwarded-Client-Cert: "))
                .map(line -> line.substring("X-Forwarded-Client-Cert: ".length()))
                .toList();
        assertThat(told).isEqualTo(backendTold);
        return told;
    }

    @Test
    void itIsTheVerifiedOneAndNotWhatAPeerClaims() throws Exception {
        assertThat(told(asking, CA.client(ROBOT)))
                .singleElement()
                .asString()
                .matches("Hash=[0-9a-f]{64};Subject=.*DNS=robot.example.com");
    }

    @Test
    void whoHasNoneHasNoneWhateverAPeerClaims() throws Exception {
        assertThat(told(asking, CA.client())).isEmpty();
    }

    @Test
    void whereNobodyIsAskedForOneATrustedPeerMayReportIt() throws Exception {
        assertThat(told(silent, CA.client())).containsExactly("Hash=claimed");
    }
}
