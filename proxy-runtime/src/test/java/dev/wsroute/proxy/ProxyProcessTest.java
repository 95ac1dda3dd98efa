// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.logging.StandardStreams;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A whole proxy with its configuration in a file, on real sockets: how it starts and how it ends. */
class ProxyProcessTest extends ProxyProcessFixture {

    @Test
    void itProxiesByItsFileAndIsReadyThen() throws Exception {
        start(document("", one));

        try (Pair tunnel = open(one)) {
            tunnel.client().send(Frame.text("hello", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");
        }
        assertThat(admin("/livez").statusCode()).isEqualTo(200);
        assertThat(admin("/readyz").statusCode()).isEqualTo(200);
        assertThat(admin("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void aShutdownLetsTheReadinessFallClosesWith1001AndEnds() throws Exception {
        start(document("", one).replace("\ndrain: {over: 0s}", "\ndrain: {delay: 500ms, over: 0s, closeTimeout: 30s}"));
        try (Pair tunnel = open(one)) {
            Thread shutdown = new Thread(() -> running().drainAndClose());
            shutdown.start();

            Awaitility.await().until(() -> admin("/readyz").statusCode() == 503);
            assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1001);
            tunnel.client().send(Frame.close(1001, "", true));
            tunnel.client().close();
            tunnel.backend().close();
            shutdown.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(shutdown.isAlive()).isFalse();
        }
    }

    @Test
    void aDocumentAfterTheListenersHaveClosedOpensNoneAndIsNoError() throws Exception {
        start(document("", one).replace("\ndrain: {over: 0s}", "\ndrain: {delay: 0s, over: 0s, closeTimeout: 30s}"));
        InetSocketAddress listening = listening();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.wsroute");
        Level level = logger.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try (Pair tunnel = open(one)) {
            Thread shutdown = new Thread(() -> running().drainAndClose());
            shutdown.start();
            assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1001);
            Awaitility.await().until(() -> isRefused(listening));

            replace(document("", two).replace("port: 0}", "port: " + FreePort.find() + "}"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(log.list)
                            .extracting(ILoggingEvent::getFormattedMessage)
                            .contains("Ignoring a new configuration: the proxy is shutting down"));
            tunnel.client().send(Frame.close(1001, "", true));
            tunnel.client().close();
            tunnel.backend().close();
            shutdown.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(shutdown.isAlive()).isFalse();
        } finally {
            logger.detachAppender(log);
            logger.setLevel(level);
        }
        assertThat(log.list).extracting(ILoggingEvent::getLevel).doesNotContain(Level.ERROR);
    }

    private static boolean isRefused(InetSocketAddress address) throws IOException {
        try (RawPeer unexpected = RawPeer.connect(address)) {
            return unexpected.localPort() < 0;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Test
    void anAdminPortInUseIsReportedInOneSentence() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document("", one));
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> ProxyProcess.start(
                            options(file, taken.getLocalPort(), Map.of()),
                            StandardStreams.to(OutputStream.nullOutputStream())))
                    .isInstanceOf(ProxyStartException.class)
                    .hasMessageStartingWith("The admin port cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
