// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyConfigParserTest {

    private static final String SMALLEST = "{\"listeners\":[{\"name\":\"ws\",\"port\":80}]}";

    private final ProxyConfigParser parser = new ProxyConfigParser();

    @Test
    void aDocumentSurvivesWritingAndParsing() throws InvalidConfigException {
        ProxyConfig config = full().withVersion(ConfigVersion.of(7, full()));

        Parsed parsed = parser.parse(parser.write(config), true);

        assertThat(parsed.config()).isEqualTo(config);
        assertThat(parsed.ignoredFields()).isEmpty();
    }

    @Test
    void absentFieldsHaveTheirDocumentedDefaults() throws InvalidConfigException {
        ProxyConfig config = parser.parse(SMALLEST, true).config();

        assertThat(config.schemaVersion()).isEqualTo("1.7");
        assertThat(config.drain()).isEqualTo(ProxyDrain.DEFAULT);
        assertThat(config.clientAddress()).isEqualTo(ClientAddressConfig.DEFAULT);
        assertThat(config.limits()).isEqualTo(LimitsConfig.DEFAULT);
        assertThat(config.accessLog()).isEqualTo(AccessLogConfig.DEFAULT);
        assertThat(config.sessionKey()).isNull();
        assertThat(config.routes()).isEmpty();
        assertThat(config.listeners().get(0)).isEqualTo(ListenerConfig.http("ws", null, 80));
    }

    @Test
    void tlsHasDocumentedDefaults() throws InvalidConfigException {
        String text = "{\"listeners\":[{\"name\":\"wss\",\"port\":443,\"protocol\":\"HTTPS\",\"tls\":{"
                + "\"certificates\":[{\"secret\":{\"namespace\":\"apps\",\"name\":\"chat-tls\"}}],"
                + "\"clientCertificates\":{\"caCertificates\":[{\"file\":\"ca.crt\"}]}}}]}";

        ListenerTls tls = parser.parse(text, true).config().listeners().get(0).tls();

        assertThat(tls.minVersion()).isEqualTo(ListenerTls.Version.TLS_1_2);
        assertThat(tls.redirectFrom()).isNull();
        assertThat(tls.clientCertificates().mode()).isEqualTo(ClientCertificates.Mode.Require);
    }

    @Test
    void aDocumentWithAccessRulesIsRefusedByProxiesThatWouldIgnoreThem() throws InvalidConfigException {
        String text =
                "{\"listeners\":[{\"name\":\"ws\",\"port\":80}],\"routes\":[{\"name\":\"r\",\"rules\":[{\"name\":\"all\","
                        + "\"access\":{\"allowedOrigins\":[\"same-origin\"]}}]}]}";

        assertThat(rebuilt(parser.parse(text, true).config())).isEqualTo("3.7");
    }

    @Test
    void aRuleOfTheFirstMinorVersionMeansWhatItMeant() throws InvalidConfigException {
        String text = "{\"schemaVersion\":\"1.0\",\"listeners\":[{\"name\":\"ws\",\"port\":80}],"
                + "\"routes\":[{\"name\":\"r\",\"rules\":[{\"name\":\"all\",\"matches\":[{}]}]}]}";

        RuleConfig rule =
                parser.parse(text, true).config().routes().get(0).rules().get(0);

        assertThat(rule)
                .isEqualTo(RuleConfig.named("all")
                        .matches(List.of(MatchConfig.ANY))
                        .build());
        assertThat(rule.connections()).isEqualTo(ConnectionRules.DEFAULT);
        assertThat(rule.urlRewrite()).isNull();
        assertThat(rule.requestHeaderModifier()).isNull();
        assertThat(rule.responseHeaderModifier()).isNull();
        assertThat(rule.sessionPersistence()).isNull();
    }

    @Test
    void slowStartIsOfLeastConnectionsAlone() throws InvalidConfigException {
        assertThat(new LoadBalancing(null, null, null).slowStart()).isEqualTo(Duration.ofSeconds(30));
        assertThat(new LoadBalancing(LoadBalancing.Type.RoundRobin, null, null).slowStart())
                .isZero();
        assertThat(LoadBalancing.of(LoadBalancing.Type.RoundRobin))
                .isEqualTo(new LoadBalancing(LoadBalancing.Type.RoundRobin, null, null));
    }

    @Test
    void yamlAndJsonSayTheSame() throws InvalidConfigException {
        String yaml = "schemaVersion: 1.7\nlisteners:\n- name: ws\n  port: 80\n";

        assertThat(parser.parse(yaml, DocumentFormat.YAML, true)).isEqualTo(parser.parse(SMALLEST, true));
    }

    @Test
    void anUnknownFieldOfThisMinorVersionIsRefusedLenientlyToo() {
        String text = "{\"schemaVersion\":\"1.7\",\"listeners\":[{\"name\":\"ws\",\"port\":80,\"odd\":1}]}";

        assertThatThrownBy(() -> parser.parse(text, false))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("listeners[0].odd is not a field of this document");
    }

    @Test
    void unknownFieldsOfANewerMinorVersionAreIgnoredAndNamed() throws InvalidConfigException {
        String text = "{\"schemaVersion\":\"1.9\",\"odd\":{},\"listeners\":[{\"name\":\"ws\",\"port\":80,\"odd\":1}]}";

        Parsed parsed = parser.parse(text, false);

        assertThat(parsed.ignoredFields()).containsExactlyInAnyOrder("odd", "listeners[0].odd");
        assertThat(parsed.config().listeners()).hasSize(1);
    }

    /** Proxies that would connect to such backends without TLS refuse the document. */
    @Test
    void aDocumentWithTlsToABackendHasAnotherMajorVersion() throws InvalidConfigException {
        String text = """
                {"schemaVersion":"%s","listeners":[{"name":"ws","port":80}],"routes":[{"name":"r","rules":[{"name":"all",
                "backends":[{"name":"b","weight":1,"endpoints":[{"address":"10.0.0.1","port":443}]%s}]}]}]%s}""";
        ProxyConfig plain = parser.parse(text.formatted("1.7", "", ""), true).config();
        ProxyConfig secured = parser.parse(
                        text.formatted("2.7", ",\"tls\":{\"hostname\":\"chat.example.com\"}", ""), true)
                .config();

        assertThat(rebuilt(plain)).isEqualTo("1.7");
        assertThat(rebuilt(secured)).isEqualTo("2.7");
        assertThat(parser.parse(text.formatted("2.8", "", ",\"odd\":1"), false).ignoredFields())
                .containsExactly("odd");
        assertThatThrownBy(() -> parser.parse(text.formatted("2.7", "", ",\"odd\":1"), false))
                .hasMessageStartingWith("odd is not a field of this document");
    }

    private static String rebuilt(ProxyConfig config) {
        return ProxyConfig.named("a").routes(config.routes()).build().schemaVersion();
    }

    @Test
    void aNewerMinorVersionDoesNotExcuseABadValue() {
        String text = "{\"schemaVersion\":\"1.9\",\"listeners\":[{\"name\":\"ws\",\"port\":80000}]}";

        assertThatThrownBy(() -> parser.parse(text, false))
                .hasMessage("listeners[0].port must be between 0 and 65535, got 80000");
    }

    @Test
    void aRefusedDocumentStillHasItsVersion() {
        String text = "{\"version\":{\"generation\":4,\"hash\":\"abc\"},\"listeners\":[]}";

        InvalidConfigException refusal =
                catchThrowableOfType(InvalidConfigException.class, () -> parser.parse(text, false));

        assertThat(refusal.version()).isEqualTo(new ConfigVersion(4, "abc"));
    }

    @Test
    void aJsonKeyGivenTwiceIsRefusedWithItsPath() {
        String text = "{\"listeners\":[{\"name\":\"ws\",\"port\":80,\"port\":81}]}";

        assertThatThrownBy(() -> parser.parse(text, false)).hasMessageStartingWith("listeners[0].port is given twice");
    }

    @Test
    void aTruncatedJsonDocumentIsRefused() {
        assertThatThrownBy(() -> parser.parse(SMALLEST.substring(0, 30), false))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("The document is not valid JSON at line 1");
    }

    @Test
    void aDocumentLargerThanAConfigMapIsRefused() {
        String text = "{\"name\":\"" + "x".repeat(ProxyConfigParser.MAX_BYTES) + "\"}";

        assertThatThrownBy(() -> parser.parse(text, false))
                .hasMessage("The document must not be larger than 1048576 bytes, it has 1048587");
    }

    @Test
    void theHashIsOfTheContentAndNotOfTheVersion() {
        ProxyConfig config = full();

        String hash = ConfigVersion.hash(config);

        assertThat(hash).matches("[0-9a-f]{12}");
        assertThat(ConfigVersion.hash(config.withVersion(new ConfigVersion(9, "x"))))
                .isEqualTo(hash);
        assertThat(ConfigVersion.hash(
                        ProxyConfig.named("other").listeners(config.listeners()).build()))
                .isNotEqualTo(hash);
    }

    private static final String FORMER_NAMES = """
            {"schemaVersion":"1.7",%s"listeners":[{"name":"ws","port":80}],"routes":[{"name":"r","rules":[{"name":"all",
            "connectRetries":7,"connections":{"pingInterval":"3s"},"sessionPersistence":{"cookieName":"sid"},
            "urlRewrite":{"replacePrefixMatch":"/v1"},"requestHeaders":{"remove":["a"]},
            "responseHeaders":{"remove":["b"]}}]}]}""";

    @Test
    void formerNamesAreReadWithAWarningEach() throws InvalidConfigException {
        Parsed parsed = parser.parse(FORMER_NAMES.formatted(""), true);

        RuleConfig rule = parsed.config().routes().get(0).rules().get(0);
        assertThat(rule.connections().connectRetries()).isEqualTo(7);
        assertThat(rule.connections().pingInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.sessionPersistence()).isEqualTo(SessionPersistence.of("sid", null));
        assertThat(rule.urlRewrite()).isEqualTo(UrlRewrite.of("/v1", null));
        assertThat(rule.requestHeaderModifier().remove()).containsExactly("a");
        assertThat(rule.responseHeaderModifier().remove()).containsExactly("b");
        assertThat(parsed.warnings())
                .hasSize(FormerNames.all().size())
                .contains("routes[0].rules[0].connectRetries is an old name, which version 0.2 will refuse; write"
                        + " connections.connectRetries");
    }

    @Test
    void aDocumentOfTheOperatorIsReadWithoutWarnings() throws InvalidConfigException {
        String version = "\"version\":{\"generation\":1,\"hash\":\"a\"},";

        assertThat(parser.parse(FORMER_NAMES.formatted(version), true).warnings())
                .isEmpty();
    }

    @Test
    void whatTheOperatorWritesHasTheFormerNamesAndReadsTheSame() throws InvalidConfigException {
        ProxyConfig config = full();

        String text = parser.writeForOlderProxies(config);

        assertThat(text)
                .contains("\"connectRetries\":0", "\"pingInterval\":\"1s\"", "\"cookieName\":\"sticky\"")
                .contains("\"requestHeaders\":{", "\"responseHeaders\":{")
                .doesNotContain("\"ping\":", "sessionName", "HeaderModifier");
        assertThat(parser.parse(text, true).config()).isEqualTo(config);
    }

    private static ListenerTls fullTls() {
        return new ListenerTls(
                List.of(CertificateSource.ofSecret("apps", "chat-tls"), CertificateSource.ofFiles("a.crt", "a.key")),
                new ClientCertificates(
                        ClientCertificates.Mode.Request,
                        List.of(
                                CaCertificateSource.ofConfigMap("apps", "clients"),
                                CaCertificateSource.ofSecret("apps", "clients"),
                                CaCertificateSource.ofFile("ca.crt"))),
                ListenerTls.Version.TLS_1_3,
                "ws",
                ListenerTls.SessionTickets.Disabled);
    }

    private static ProxyConfig full() {
        RuleConfig rule = RuleConfig.named("main")
                .matches(List.of(
                        MatchConfig.ofPath(PathMatch.Type.Exact, "/live"),
                        MatchConfig.ofPath(PathMatch.Type.PathPrefix, "/ws/"),
                        new MatchConfig(
                                new PathMatch(PathMatch.Type.RegularExpression, "(?i)/rooms/[a-z]{1,63}"),
                                List.of(new NameValue("x-tenant", "a b")),
                                List.of(new NameValue("v", "")),
                                List.of("graphql-transport-ws", "chat")),
                        MatchConfig.ANY))
                .urlRewrite(UrlRewrite.of(null, "chat.internal:8443"))
                .requestHeaderModifier(new HeaderModifier(
                        List.of(new NameValue("x-a", "1")), List.of(new NameValue("x-b", "2")), List.of("x-c")))
                .responseHeaderModifier(new HeaderModifier(List.of(), List.of(), List.of("Server")))
                .backends(List.of(
                        new BackendConfig("service/chat:ws", 90, new EndpointSliceRef("apps", "chat", "ws"), null),
                        new BackendConfig(
                                "static", 0, null, List.of(new BackendConfig.StaticEndpoint("10.0.0.1", 8010)))))
                .plainHttp(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofMillis(1500)))
                .loadBalancing(new LoadBalancing(
                        LoadBalancing.Type.ConsistentHash,
                        Duration.ZERO,
                        new ConsistentHash(ConsistentHash.Type.Cookie, "sid")))
                .sessionPersistence(new SessionPersistence(
                        SessionPersistence.Type.Cookie,
                        "sticky",
                        Duration.ofDays(365),
                        SessionPersistence.SameSite.None,
                        SessionPersistence.Secure.Always))
                .timeouts(new Timeouts(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofSeconds(3)))
                .connections(new ConnectionRules(1L << 40, Duration.ofDays(7), 100, Duration.ofSeconds(1)))
                .connectRetries(0)
                .drain(new BackendDrain(Duration.ZERO))
                .build();
        return ProxyConfig.named("apps/chat")
                .listeners(List.of(
                        ListenerConfig.http("ws", "127.0.0.1", 8020),
                        new ListenerConfig("wss", null, 8443, ListenerConfig.Protocol.HTTPS, fullTls())))
                .clientAddress(new ClientAddressConfig(
                        List.of("10.0.0.0/8", "::1", "fd00::/8", "192.0.2.7"),
                        ClientAddressConfig.ProxyProtocol.Require))
                .limits(new LimitsConfig(1, 2, 3, 4, Duration.ofSeconds(5), Duration.ofSeconds(620), 1024, 10, 16_384))
                .drain(new ProxyDrain(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(2)))
                .accessLog(new AccessLogConfig(false, AccessLogConfig.Format.Text))
                .sessionKey(new SessionKeyConfig(new SessionKeyConfig.SecretRef("apps", "chat", "key"), null))
                .ticketKeys(TicketKeysConfig.ofSecret("apps", "chat-proxy-ticket-keys"))
                .routes(List.of(new RouteConfig("apps/chat", List.of("*.example.com"), List.of(rule))))
                .build();
    }
}
