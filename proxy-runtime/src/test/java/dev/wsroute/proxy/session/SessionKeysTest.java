// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import static dev.wsroute.proxy.testkit.Documents.route;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.config.SessionPersistence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SessionKeysTest {

    private static final SessionKeyConfig SECRET =
            new SessionKeyConfig(new SecretRef("apps", "chat-proxy-session-key", "key"), null);
    private static final SessionKeyConfig FILE = new SessionKeyConfig(null, "/etc/wsroute/key");
    private static final String ONE = "one key of more than thirty-two bytes";
    private static final String OTHER = "another key of more than thirty-two bytes";

    private final Map<SessionKeyConfig, FakeSource> sources = new HashMap<>();
    private final List<SessionCookieKey> used = new ArrayList<>();
    private final List<SessionCookieKey> kept = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionKeys.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void theKeyOfTheSourceIsUsedAndKept() {
        SessionKeys keys = keys(null);

        var known = keys.require(config(SECRET));
        assertThat(known).isNotDone();
        source(SECRET).offer(ONE);
        assertThat(known).isDone();
        keys.applied(config(SECRET));

        assertThat(used).containsExactly(key(ONE));
        assertThat(kept).containsExactly(key(ONE));
        assertThat(logged()).isEmpty();
    }

    @Test
    void aChangedKeyIsUsedAtOnce() {
        SessionKeys keys = keys(null);
        apply(keys, config(SECRET));
        source(SECRET).offer(ONE);

        source(SECRET).offer(OTHER);
        source(SECRET).offer(OTHER);

        assertThat(used).endsWith(key(ONE), key(OTHER));
        assertThat(kept).containsExactly(key(ONE), key(OTHER));
    }

    @Test
    void aTooShortOrMissingKeyKeepsTheLastGoodOneAndIsReported() {
        SessionKeys keys = keys(null);
        keys.require(config(SECRET));
        source(SECRET).offer(ONE);
        keys.applied(config(SECRET));

        source(SECRET).offer("short");
        source(SECRET).sink().unavailable("The Secret is gone");

        assertThat(used).containsExactly(key(ONE));
        assertThat(logged())
                .containsExactly(
                        "The session key in key of the Secret apps/chat-proxy-session-key is too short: it has 5"
                                + " bytes, but needs at least 32; keeping the last valid session key",
                        "The Secret is gone; keeping the last valid session key");
    }

    @Test
    void withoutAnyKeyTheProxyMakesOneAndWarnsOnce() {
        SessionKeys keys = keys(null);

        assertThat(keys.require(config(null))).isDone();
        keys.applied(config(null));
        keys.applied(config(null));

        assertThat(used).hasSize(1);
        assertThat(kept).isEmpty();
        assertThat(logged())
                .containsExactly("The configuration names no session key; using a random one: session cookies are"
                        + " not valid on other proxies or after a restart");
    }

    @Test
    void anUnavailableKeyDelaysNothingAndIsUsedOnceAvailable() {
        SessionKeys keys = keys(null);
        var known = keys.require(config(SECRET));

        source(SECRET).sink().unavailable("Secret apps/chat-key does not exist");
        assertThat(known).isDone();
        keys.applied(config(SECRET));
        source(SECRET).offer(ONE);

        assertThat(used).hasSize(2).endsWith(key(ONE));
        assertThat(kept).containsExactly(key(ONE));
    }

    @Test
    void aRestartWithoutAKeySourceUsesTheStoredKey() {
        SessionKeys keys = keys(key(ONE));

        assertThat(keys.require(config(SECRET))).isDone();
        keys.applied(config(SECRET));
        source(SECRET).offer(ONE);

        assertThat(used).containsExactly(key(ONE));
        assertThat(kept).isEmpty();
        assertThat(logged()).isEmpty();
    }

    @Test
    void anotherSourceReplacesTheFirstOneOnceItsDocumentIsApplied() {
        SessionKeys keys = keys(null);
        apply(keys, config(SECRET));
        source(SECRET).offer(ONE);

        keys.require(config(FILE));
        source(FILE).offer(OTHER);
        assertThat(used).endsWith(key(ONE));
        keys.applied(config(FILE));

        assertThat(used).endsWith(key(OTHER));
        assertThat(source(SECRET).closed).isTrue();
        source(SECRET).offer("a late key of more than thirty-two bytes");
        assertThat(used).endsWith(key(OTHER));
    }

    @Test
    void nothingIsFollowedWhileNoRuleHasSessions() {
        SessionKeys keys = keys(null);
        ProxyConfig without = ProxyConfig.named("p").sessionKey(SECRET).build();
        apply(keys, without);

        assertThat(sources).isEmpty();
        assertThat(used).isEmpty();
        apply(keys, config(SECRET));
        apply(keys, without);
        assertThat(source(SECRET).closed).isTrue();
    }

    private SessionKeys keys(@Nullable SessionCookieKey lastGood) {
        return new SessionKeys(
                Runnable::run,
                config -> {
                    FakeSource source = new FakeSource();
                    sources.put(config, source);
                    return source;
                },
                used::add,
                kept::add,
                lastGood);
    }

    private static void apply(SessionKeys keys, ProxyConfig config) {
        var known = keys.require(config);
        keys.applied(config);
        assertThat(known).isNotNull();
    }

    private FakeSource source(SessionKeyConfig config) {
        return Objects.requireNonNull(sources.get(config));
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static ProxyConfig config(@Nullable SessionKeyConfig key) {
        RuleConfig rule = RuleConfig.named("all")
                .sessionPersistence(SessionPersistence.of("wsroute", null))
                .build();
        return ProxyConfig.named("p")
                .sessionKey(key)
                .routes(List.of(route("r", List.of(), rule)))
                .build();
    }

    private static SessionCookieKey key(String text) {
        return SessionCookieKey.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static final class FakeSource implements KeySource {

        private @Nullable KeySink sink;
        private boolean closed;

        @Override
        public void start(KeySink to) {
            sink = to;
        }

        @Override
        public void close() {
            closed = true;
        }

        KeySink sink() {
            return Objects.requireNonNull(sink);
        }

        void offer(String key) {
            sink().offer(key.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
