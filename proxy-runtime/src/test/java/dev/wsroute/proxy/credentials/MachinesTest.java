// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.ApiKeyRules;
import dev.wsroute.config.BasicRules;
import dev.wsroute.config.CredentialPlace;
import dev.wsroute.config.CredentialPlace.Type;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines that connect with a password or an API key. */
class MachinesTest extends ProxyTest {

    private static final String PASSWORD = Secrets.of("password of alice");
    /** Hashes of that password. */
    private static final String USERS = """
            alice:$2y$05$Ax/Tcn9C4O2xUF0gv8uPLe.9Cl85nFco9SE6NXD55L.BQ0wPkPTT6
            carol:$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHRzYWx0$dJg90NW/cqPNZDcqIENJoHV0jfqzEY9nE0a/ivMiCTk
            """;

    private static final String KEY = Secrets.of("API key of meter");
    private static final CredentialSource SOURCE = new CredentialSource(null, "test", null);

    private RawBackend server;

    @AutoClose
    private final PasswordChecks checks = new PasswordChecks();

    private volatile @Nullable Users users;
    private volatile @Nullable ApiKeys keys;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        users = Users.parse("auth", USERS.getBytes(StandardCharsets.UTF_8));
        keys = ApiKeys.parse("keys", ("meter:" + KEY).getBytes(StandardCharsets.UTF_8));
    }

    private TestProxy basic(boolean forward) throws IOException {
        return open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(AccessConfig.ofBasic(new BasicRules(SOURCE, "chat room", forward))))
                .steps((route, rule) -> new BasicStep(() -> users, checks, "chat room", forward))
                .start());
    }

    private TestProxy keyed(ApiKeyRules rules) throws IOException {
        return open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(AccessConfig.ofApiKeys(rules)))
                .steps((route, rule) -> new ApiKeyStep(rules, () -> keys))
                .start());
    }

    private static String basic(String credentials) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** The head that the backend got. */
    private String opened(TestProxy proxy, String handshake) throws IOException {
        RawPeer client = open(proxy.connect()).send(handshake);
        RawPeer backend = open(server.accept());
        String head = backend.readHead();
        backend.send(TestProxy.switching());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return head;
    }

    private String refused(TestProxy proxy, String... headers) throws IOException {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake(headers));
        String head = client.readHead();
        return head + client.readToEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "carol"})
    void theRightPasswordOpensAndTheBackendDoesNotSeeIt(String user) throws Exception {
        TestProxy proxy = basic(false);

        assertThat(opened(proxy, TestProxy.handshake(basic(user + ":" + PASSWORD))))
                .doesNotContainIgnoringCase("authorization");
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("basic", user));
        assertThat(opened(proxy, TestProxy.handshake(basic(user + ":" + PASSWORD))))
                .as("again, remembered")
                .doesNotContainIgnoringCase("authorization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p\u00e4:ss", ":", "::x", " blank ", "\u65e5\u672c", ""})
    void aPasswordMayHaveColonsAndAnyCharacters(String password) throws Exception {
        String hash = OpenBSDBCrypt.generate("2y", password.toCharArray(), new byte[16], 4);
        users = Users.parse("auth", ("dora:" + hash).getBytes(StandardCharsets.UTF_8));

        opened(basic(false), TestProxy.handshake(basic("dora:" + password)));
        assertThat(refused(basic(false), basic("dora:" + password + ":"))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void theBackendSeesItIfItIsForwarded() throws Exception {
        assertThat(opened(basic(true), TestProxy.handshake(basic("alice:" + PASSWORD))))
                .contains(basic("alice:" + PASSWORD));
    }

    @Test
    void withoutAPasswordTheClientIsAskedForOne() throws Exception {
        String challenge = "WWW-Authenticate: Basic realm=\"chat room\", charset=\"UTF-8\"\r\n";

        assertThat(refused(basic(false)))
                .startsWith("HTTP/1.1 401 ")
                .contains(challenge)
                .endsWith("A user and a password are required.\n");
        assertThat(refused(basic(false), "Authorization: Bearer abc")).contains(challenge);
        assertThat(refused(basic(false), basic("alice:wrong")))
                .startsWith("HTTP/1.1 401 ")
                .contains(challenge)
                .endsWith("The user or the password is wrong.\n");
    }

    @ParameterizedTest
    @MethodSource
    void anythingElseIsWrongInTheSameWords(String header) throws Exception {
        assertThat(refused(basic(false), header))
                .startsWith("HTTP/1.1 401 ")
                .endsWith("The user or the password is wrong.\n");
    }

    static List<String> anythingElseIsWrongInTheSameWords() {
        return List.of("Authorization: Basic !!!", basic("alice"), basic(":" + PASSWORD), basic("eve:" + PASSWORD));
    }

    @Test
    void anUnknownUserCostsACheckLikeAWrongPasswordAndIsNeverLetIn() throws Exception {
        AtomicInteger checked = new AtomicInteger();
        users = new Users(Map.of("alice", new PasswordHash() {
            @Override
            public boolean matches(byte[] password) {
                checked.incrementAndGet();
                return new String(password, StandardCharsets.UTF_8).equals(PASSWORD);
            }

            @Override
            public String text() {
                return "counted";
            }
        }));
        TestProxy proxy = basic(false);

        assertThat(refused(proxy, basic("alice:wrong"))).startsWith("HTTP/1.1 401 ");
        assertThat(checked).hasValue(1);
        assertThat(refused(proxy, basic("eve:wrong"))).startsWith("HTTP/1.1 401 ");
        assertThat(checked).hasValue(2);
        assertThat(refused(proxy, basic("eve:" + PASSWORD))).startsWith("HTTP/1.1 401 ");
        assertThat(checked).hasValue(3);
        assertThat(refused(proxy, basic("eve:" + PASSWORD))).startsWith("HTTP/1.1 401 ");
        assertThat(checked)
                .as("what was right for somebody else is not remembered for eve")
                .hasValue(4);
    }

    @Test
    void twoPasswordsAreNone() throws Exception {
        assertThat(refused(basic(false), basic("alice:" + PASSWORD), basic("alice:" + PASSWORD)))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aChangedFileCountsForTheNextHandshake() throws Exception {
        TestProxy proxy = basic(false);
        opened(proxy, TestProxy.handshake(basic("alice:" + PASSWORD)));

        users = Users.parse(
                "auth", USERS.replace("Ax/Tcn9C4O2x", "Ax/Tcn9C4O2y").getBytes(StandardCharsets.UTF_8));
        assertThat(refused(proxy, basic("alice:" + PASSWORD))).startsWith("HTTP/1.1 401 ");

        users = null;
        assertThat(refused(proxy, basic("alice:" + PASSWORD)))
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after");
    }

    @Test
    void plainRequestsNeedThePasswordToo() throws Exception {
        TestProxy proxy = basic(false);
        RawPeer client = open(proxy.connect()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 401 ");
        client.readText("A user and a password are required.\n".length());

        client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" + basic("alice:" + PASSWORD) + "\r\n\r\nbody");
        RawPeer backend = open(server.accept());
        assertThat(backend.readHead()).contains("Content-Length: 4\r\n").doesNotContainIgnoringCase("authorization");
        assertThat(backend.readText(4)).isEqualTo("body");
    }

    @Test
    void anApiKeyOpensAndTheBackendDoesNotSeeIt() throws Exception {
        ApiKeyRules anywhere = new ApiKeyRules(
                SOURCE,
                List.of(
                        new CredentialPlace(Type.Header, "X-Key"),
                        new CredentialPlace(Type.Cookie, "key"),
                        new CredentialPlace(Type.QueryParam, "key")),
                false);
        TestProxy proxy = keyed(anywhere);

        assertThat(opened(proxy, TestProxy.handshake("X-Key: " + KEY))).doesNotContain(KEY);
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("apiKeys", "meter"));
        assertThat(opened(proxy, TestProxy.handshake("Cookie: a=b; key=" + KEY)))
                .doesNotContain(KEY)
                .contains("a=b");
        proxy.nextOpened();
        assertThat(opened(proxy, TestProxy.handshake().replace("?x=1", "?x=1&key=" + KEY)))
                .startsWith("GET /chat?x=1 HTTP/1.1\r\n")
                .doesNotContain(KEY);
        assertThat(proxy.nextOpened().target()).isEqualTo("/chat?x=1");
    }

    @Test
    void aForwardedKeyIsTheOneThatWasLookedUpAndNoOtherReachesTheBackend() throws Exception {
        TestProxy proxy = keyed(new ApiKeyRules(
                SOURCE,
                List.of(
                        new CredentialPlace(Type.Header, "X-Key"),
                        new CredentialPlace(Type.Header, "X-Old-Key"),
                        new CredentialPlace(Type.Cookie, "key")),
                true));

        assertThat(opened(
                        proxy,
                        TestProxy.handshake(
                                "X-Key: " + KEY, "X_Key: forged", "X-Old-Key: forged", "Cookie: a=b; key=forged")))
                .contains("X-Key: " + KEY + "\r\n", "a=b")
                .doesNotContain("forged");
        assertThat(opened(proxy, TestProxy.handshake("Cookie: key=" + KEY, "X_Old_Key: forged")))
                .contains("key=" + KEY)
                .doesNotContain("forged");
        assertThat(refused(proxy, "X-Key: " + KEY, "X-Key: forged", "Cookie: key=" + KEY))
                .startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, "Cookie: key=" + KEY + "; key =forged")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void whoLosesTheKeyKeepsTheOpenWebSocket() throws Exception {
        TestProxy proxy = keyed(new ApiKeyRules(SOURCE, List.of(), false));
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake("X-API-Key: " + KEY));
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        client.readHead();

        keys = ApiKeys.parse("keys", "# nobody".getBytes(StandardCharsets.UTF_8));

        assertThat(refused(proxy, "X-API-Key: " + KEY)).startsWith("HTTP/1.1 401 ");
        client.send(Frame.text("still here", true));
        assertThat(backend.readFrame().text()).isEqualTo("still here");
    }

    @Test
    void aWrongOrMissingApiKeyIsRefused() throws Exception {
        TestProxy proxy = keyed(new ApiKeyRules(SOURCE, List.of(), false));

        assertThat(opened(proxy, TestProxy.handshake("X-API-Key: " + KEY))).doesNotContain(KEY);
        assertThat(refused(proxy)).startsWith("HTTP/1.1 401 ").endsWith("An API key is required.\n");
        assertThat(refused(proxy, "X-API-Key: " + KEY + "x"))
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("www-authenticate: ")
                .endsWith("The API key is wrong.\n");
        assertThat(refused(proxy, "X-API-Key: " + KEY, "X-API-Key: " + KEY)).startsWith("HTTP/1.1 401 ");
        keys = null;
        assertThat(refused(proxy, "X-API-Key: " + KEY)).startsWith("HTTP/1.1 503 ");
    }
}
