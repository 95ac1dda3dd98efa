// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.listed;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.text;
import static dev.wsroute.proxy.testkit.TestEndpoints.inZone;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.session.SessionCookieKey;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {

    private static final SourceKey CHAT = new SourceKey.Slices("apps", "chat", "ws");

    private final ManualScheduler writer = new ManualScheduler();

    @TempDir
    private Path folder;

    @Test
    void theLastGoodDocumentIsFoundAfterARestart() throws Exception {
        ProxyConfig config = config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))));
        ConfigText text = text(4, config);
        new LastGoodConfig(new StateDir(folder), writer).applied(new Parsed(config, List.of(), List.of()), text);

        assertThat(new LastGoodConfig(new StateDir(folder), writer).load()).isEqualTo(text);
    }

    @Test
    void aYamlDocumentIsKeptInAFormThatCanBeReadAgain() throws Exception {
        String yaml = "listeners: [{name: ws, port: 80}]";
        Parsed parsed = new ProxyConfigParser().parse(yaml, DocumentFormat.YAML, true);
        LastGoodConfig lastGood = new LastGoodConfig(new StateDir(folder), writer);

        lastGood.applied(parsed, new ConfigText(yaml, DocumentFormat.YAML, true));

        ConfigText kept = lastGood.load();
        assertThat(kept).isNotNull();
        assertThat(new ProxyConfigParser().parse(kept.text(), kept.format(), true))
                .isEqualTo(parsed);
    }

    @Test
    void theKeyOfSessionCookiesIsFoundAfterARestartAndReadableByThisUserOnly() throws Exception {
        Files.writeString(folder.resolve("session-key.next"), "left by a crash, readable by all");
        SessionCookieKey key = SessionCookieKey.random();

        new LastSessionKey(new StateDir(folder), writer).keep(key);

        assertThat(new LastSessionKey(new StateDir(folder), writer).load()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("session-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeptKeyThatCannotBeOneIsPassedOver() throws Exception {
        Files.writeString(folder.resolve("session-key"), "c2hvcnQ=");

        assertThat(new LastSessionKey(new StateDir(folder), writer).load()).isNull();
    }

    @Test
    void theLastKnownEndpointsAreFoundAfterARestart() throws Exception {
        EndpointSet set = EndpointSet.of(List.of(ready("a"), terminating("b", true)));
        LastKnownEndpoints endpoints = new LastKnownEndpoints(new StateDir(folder), writer);
        endpoints.changed(CHAT, EndpointSet.of(List.of(ready("a"))));
        endpoints.changed(CHAT, set);
        endpoints.changed(new SourceKey.Listed("r", "all", "a"), set);

        writer.advance(Duration.ofSeconds(1));

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load()).isEqualTo(Map.of(CHAT, set));
    }

    @Test
    void servicesOfTheSameNameInTwoNamespacesAreKeptApart() throws Exception {
        EndpointSet own = EndpointSet.of(List.of(ready("a")));
        EndpointSet elsewhere = EndpointSet.of(List.of(ready("b")));
        SourceKey other = new SourceKey.Slices("shared", "chat", "ws");
        LastKnownEndpoints endpoints = new LastKnownEndpoints(new StateDir(folder), writer);
        endpoints.changed(CHAT, own);
        endpoints.changed(other, elsewhere);

        writer.advance(Duration.ofSeconds(1));

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load())
                .isEqualTo(Map.of(CHAT, own, other, elsewhere));
    }

    @Test
    void zonesAndTheProxiesAreFoundAfterARestart() throws Exception {
        SourceKey proxies = new SourceKey.Proxies(new SourceKey.Slices("apps", "chat", "ws"));
        EndpointSet set = EndpointSet.of(List.of(inZone("a", "here", "here", "there"), inZone("b", "there")));
        EndpointSet own = EndpointSet.of(List.of(inZone("p", "here")));
        LastKnownEndpoints endpoints = new LastKnownEndpoints(new StateDir(folder), writer);
        endpoints.changed(CHAT, set);
        endpoints.changed(proxies, own);

        writer.advance(Duration.ofSeconds(1));

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load())
                .isEqualTo(Map.of(CHAT, set, proxies, own));
    }

    @Test
    void aFileWithoutZonesIsStillRead() throws Exception {
        Files.writeString(
                folder.resolve("endpoints.json"),
                "{\"sources\":[{\"namespace\":\"apps\",\"service\":\"chat\",\"portName\":\"ws\",\"endpoints\":"
                        + "[{\"id\":\"a\",\"address\":\"127.0.0.1\",\"port\":80,\"pod\":\"pod-a\",\"ready\":true,"
                        + "\"serving\":true,\"terminating\":false}]}]}");

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load())
                .isEqualTo(Map.of(CHAT, EndpointSet.of(List.of(ready("a")))));
    }

    @Test
    void endpointsOfAServiceThatNothingRefersToAreNotKept() throws Exception {
        EndpointSet set = EndpointSet.of(List.of(ready("a")));
        LastKnownEndpoints endpoints = new LastKnownEndpoints(new StateDir(folder), writer);
        endpoints.changed(CHAT, set);
        endpoints.changed(new SourceKey.Slices("apps", "old", "ws"), set);
        writer.advance(Duration.ofSeconds(1));

        endpoints.retained(Set.of(CHAT));
        writer.advance(Duration.ofSeconds(1));

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load()).isEqualTo(Map.of(CHAT, set));
    }

    @Test
    void whatIsDamagedIsLeftAside() throws Exception {
        Files.writeString(folder.resolve("endpoints.json"), "{\"sources\":[{\"namesp");

        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load()).isEmpty();
    }

    @Test
    void aFileIsReplacedWholeAndLeavesNothingBehind() throws Exception {
        StateDir state = new StateDir(folder.resolve("deep/er"));

        state.write("x", "a long first content");
        state.write("x", "second");

        assertThat(state.read("x")).isEqualTo("second");
        try (var files = Files.list(folder.resolve("deep/er"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aWriteThatFailsLeavesNothingBehind() throws Exception {
        Files.createDirectories(folder.resolve("key").resolve("in the way"));

        new StateDir(folder).write("key", "secret");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("key"));
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsOneClearSentence() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new StateDir(file.resolve("sub")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot create the state directory " + file.resolve("sub"));
    }

    @Test
    void nothingKeptIsNothingFound() throws Exception {
        assertThat(new LastGoodConfig(new StateDir(folder), writer).load()).isNull();
        assertThat(new LastKnownEndpoints(new StateDir(folder), writer).load()).isEmpty();
    }
}
