// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.admin.ConnectionsPage;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A rule that trusts several issuers, each of which has somebody called ada. */
class SubjectsOfIssuersTest extends TokenFixture {

    private static final String OTHER = "https://other.example.com";

    private TestProxy proxy;

    private static JwtProvider provider(String name, @Nullable String issuer) {
        return new JwtProvider(
                name,
                issuer,
                List.of("chat"),
                List.of(JwtAlgorithm.ES256),
                Duration.ofSeconds(30),
                false,
                List.of(KEYS));
    }

    private void start(JwtProvider... providers) throws Exception {
        proxy = proxy(new JwtRules(List.of(providers), List.of(), List.of(), List.of(), true, REVOKED));
        access.endRevoked(proxy.connections(), (connection, reason, close) -> close.run());
        offer(REVOKED, "deny.list", "");
    }

    private String ada(String issuer) throws Exception {
        return bearer(Tokens.sign(JwtAlgorithm.ES256, keys.getPrivate(), CLAIMS.replace(ISSUER, issuer) + "}"));
    }

    private Pair tunnel(String issuer) throws Exception {
        return open(proxy.open(server, ada(issuer)));
    }

    @Test
    void oneDoesNotUseUpTheLimitOfTheOther() throws Exception {
        start(provider("main", ISSUER), provider("other", OTHER));
        proxy.apply(ProxyTerms.of(
                new LimitsConfig(null, null, null, null, null, null, null, null, null, 1),
                ClientAddressConfig.DEFAULT));
        tunnel(OTHER);
        assertThat(refused(proxy, ada(OTHER))).startsWith("HTTP/1.1 429 ");

        tunnel(ISSUER);
        assertThat(refused(proxy, ada(ISSUER))).startsWith("HTTP/1.1 429 ");
    }

    @Test
    void theLogAndTheListOfConnectionsTellThemApart() throws Exception {
        start(provider("main", ISSUER), provider("other", OTHER));
        tunnel(ISSUER);
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject(ISSUER, "ada"));
        tunnel(OTHER);
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject(OTHER, "ada"));

        ConnectionsPage page = new ConnectionsPage(proxy.connections());
        assertThat(page.answer("subject=ada").body()).contains("\"shown\" : 2", ISSUER, OTHER);
        assertThat(page.answer("subject=ada&issuer=https%3A%2F%2Fother.example.com")
                        .body())
                .contains("\"shown\" : 1", OTHER)
                .doesNotContain(ISSUER);
        assertThat(page.answer("subject=bob").body()).contains("\"shown\" : 0");
    }

    @Test
    void whatAProviderWithoutAnIssuerSignsIsNobodyOfANamedOne() throws Exception {
        start(provider("any", null));
        tunnel(ISSUER);
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("provider any " + ISSUER, "ada"));
        tunnel(OTHER);
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("provider any " + OTHER, "ada"));
    }

    @Test
    void aLineOfTheDenyListMayBeAboutOneIssuer() throws Exception {
        start(provider("main", ISSUER), provider("other", OTHER));
        Pair first = tunnel(ISSUER);
        Pair second = tunnel(OTHER);

        offer(REVOKED, "deny.list", "iss " + OTHER + " sub ada\niss " + OTHER + "  jti t2\n");

        assertThat(second.client().readFrame().closePhrase()).isEqualTo("token revoked");
        assertThat(refused(proxy, ada(OTHER))).startsWith("HTTP/1.1 401 ");
        first.client().send(Frame.text("still here", true));
        assertThat(first.backend().readFrame().text()).isEqualTo("still here");

        offer(REVOKED, "deny.list", "iss " + ISSUER + " jti t1\n");
        assertThat(first.client().readFrame().closePhrase()).isEqualTo("token revoked");
    }

    @Test
    void aLineWithoutAnIssuerIsAboutAll() throws Exception {
        start(provider("main", ISSUER), provider("other", OTHER));
        offer(REVOKED, "deny.list", "sub ada\n");

        assertThat(refused(proxy, ada(ISSUER))).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, ada(OTHER))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aLineWithAnIssuerAloneDoesNotReplaceAGoodList() throws Exception {
        start(provider("main", ISSUER), provider("other", OTHER));
        offer(REVOKED, "deny.list", "sub ada\n");
        offer(REVOKED, "deny.list", "iss " + OTHER + "\n");

        assertThat(access.faults()).isNotEmpty();
        assertThat(refused(proxy, ada(ISSUER))).startsWith("HTTP/1.1 401 ");
    }
}
