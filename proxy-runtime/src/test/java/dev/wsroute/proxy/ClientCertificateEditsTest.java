// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What edits of client certificates mean for connections that are open. Requests that are not refused get 404. */
class ClientCertificateEditsTest extends ProxyProcessFixture {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final TestAuthority CLIENTS = TestAuthority.named("clients");
    private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)", Pattern.CASE_INSENSITIVE);

    private final int port = FreePort.find();

    @BeforeEach
    void issue() throws Exception {
        CA.issue("dns:chat.example.com").write(folder.resolve("chat.crt"), folder.resolve("chat.key"));
        CA.issue("dns:other.example.com").write(folder.resolve("other.crt"), folder.resolve("other.key"));
        Files.writeString(folder.resolve("clients.crt"), CLIENTS.certificatePem());
        Files.writeString(
                folder.resolve("later.crt"), TestAuthority.named("later").certificatePem());
    }

    private String listener(String name, String clients) {
        return listener(name, "127.0.0.1", clients);
    }

    private String listener(String name, String address, String clients) {
        return document("", one)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: " + name + ", address: " + address + ", port: " + port + ", protocol: HTTPS, tls: "
                                + "{certificates: [" + files("chat") + ", " + files("other") + "]" + clients + "}}]");
    }

    private String files(String name) {
        return "{certificateFile: " + folder.resolve(name + ".crt") + ", keyFile: " + folder.resolve(name + ".key")
                + "}";
    }

    private String clients(String mode, String file) {
        return ", clientCertificates: {mode: " + mode + ", caCertificates: [{file: " + folder.resolve(file) + "}]}";
    }

    private void edit(String document) throws IOException {
        replace(document);
        awaitApplied(2);
    }

    private RawPeer connect(@Nullable Issued identity) throws IOException {
        return RawPeer.secure(listening(), CA.client(identity), "chat.example.com");
    }

    /** The status line of a response. */
    private static String ask(RawPeer client, String host) throws IOException {
        client.send("GET /missing HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        String head = client.readHead();
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).isTrue();
        client.read(Integer.parseInt(length.group(1)));
        return head.lines().findFirst().orElseThrow();
    }

    private static void assertServed(RawPeer client) throws IOException {
        assertThat(ask(client, "nowhere.example")).startsWith("HTTP/1.1 404 ");
    }

    private static void assertMisdirected(RawPeer client) throws IOException {
        client.send("GET /missing HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 421 ");
        assertThat(client.readToEnd()).endsWith("; open a new connection.\n");
    }

    @Test
    void whoWasNotAskedIsMisdirectedAlsoWhileTheCaIsMissing() throws Exception {
        start(listener("wss", ""));
        try (RawPeer client = connect(null);
                RawPeer crossing = connect(null);
                RawPeer upgrading = connect(null)) {
            assertServed(client);
            assertServed(upgrading);
            assertThat(ask(crossing, "other.example.com")).startsWith("HTTP/1.1 421 ");

            edit(listener("wss", clients("Require", "missing.crt")));

            assertMisdirected(client);
            assertThat(ask(crossing, "other.example.com")).startsWith("HTTP/1.1 421 ");
            upgrading.send(TestProxy.handshake());
            assertThat(upgrading.readHead()).startsWith("HTTP/1.1 421 ");
            assertThatThrownBy(() -> connect(null)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoWasNotAskedIsMisdirectedWhenTheListenerIsRenamedInTheSameEdit() throws Exception {
        start(listener("former", ""));
        try (RawPeer client = connect(null)) {
            assertServed(client);

            edit(listener("wss", clients("Require", "clients.crt")));

            assertMisdirected(client);
        }
    }

    @Test
    void whoWasNotAskedIsMisdirectedWhenTheListenerIsRenamedAndMovedToOneAddress() throws Exception {
        start(listener("former", "0.0.0.0", ""));
        try (RawPeer client = connect(null)) {
            assertServed(client);

            edit(listener("wss", clients("Require", "clients.crt")));

            assertMisdirected(client);
        }
    }

    @Test
    void whoHadNoCertificateIsMisdirectedOnceOneIsRequired() throws Exception {
        start(listener("wss", clients("Request", "clients.crt")));
        try (RawPeer anonymous = connect(null);
                RawPeer known = connect(CLIENTS.issue("dns:client"))) {
            assertServed(anonymous);
            assertServed(known);

            edit(listener("wss", clients("Require", "clients.crt")));

            assertMisdirected(anonymous);
            assertServed(known);
        }
    }

    @Test
    void whoWasAskedGoesOnWhenCertificatesAreOnlyRequestedOrNotAskedForAnyMore() throws Exception {
        start(listener("wss", clients("Request", "clients.crt")));
        try (RawPeer anonymous = connect(null)) {
            assertServed(anonymous);

            edit(listener("renamed", clients("Request", "clients.crt")));
            assertServed(anonymous);
            replace(listener("renamed", ""));
            awaitApplied(3);

            assertServed(anonymous);
        }
    }

    @Test
    void aVerifiedCertificateIsNotVerifiedAgainWhenTheCasChange() throws Exception {
        start(listener("wss", clients("Require", "clients.crt")));
        try (RawPeer known = connect(CLIENTS.issue("dns:client"))) {
            assertServed(known);

            edit(listener("wss", clients("Require", "later.crt")));

            assertServed(known);
        }
    }
}
