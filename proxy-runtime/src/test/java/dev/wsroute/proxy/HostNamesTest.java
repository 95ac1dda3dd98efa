// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which spellings of a host match a route of a whole proxy, and how a backend receives them. */
class HostNamesTest extends ProxyTest {

    private static final String ROUTES = """
            listeners: [{name: ws, address: 127.0.0.1, port: 0}]
            clientAddress: {trustedProxies: [127.0.0.1]}
            routes:
              - name: r
                hostnames: [example.com, "*.wild.example.com"]
                rules:
                  - name: all
                    backends: [{name: b, endpoints: [{address: 127.0.0.1, port: %d}]}]
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "/chat, example.com",
        "/chat, EXAMPLE.com",
        "/chat, example.com:80",
        "/chat, example.com.",
        "/chat, example.com.:443",
        "/chat, a.wild.example.com.",
        "/chat, A.b.Wild.example.com.:8080",
        "http://example.com/chat, example.com.",
        "http://example.com.:80/chat, example.com",
        "ws://Example.com/chat, example.com:80",
        "wss://example.com:443/chat, example.com",
        "https://example.com/chat, example.com.:443"
    })
    void everySpellingOfAHostMatchesItsRouteAndIsForwardedUnchanged(String target, String host) throws Exception {
        RawBackend backend = open(RawBackend.start());
        RawPeer client = open(RawPeer.connect(start(backend)));
        String proto = target.contains("s://") && !target.startsWith("ws:") ? "https" : "http";
        client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Proto: " + proto + "\r\n\r\n");

        assertThat(open(backend.accept()).readHead())
                .startsWith("GET " + target + " HTTP/1.1\r\n")
                .contains("Host: " + host + "\r\n", "X-Forwarded-Host: " + host + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/chat, example.com.., 404",
        "/chat, wild.example.com., 404",
        "/chat, ., 404",
        "wss://example.com/chat, example.com, 400",
        "http://example.com./chat, example.org, 400"
    })
    void othersDoNot(String target, String host, int status) throws Exception {
        RawPeer client = open(RawPeer.connect(start(open(RawBackend.start()))));
        client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 " + status + " ");
    }

    private InetSocketAddress start(RawBackend backend) throws Exception {
        Path file = Files.writeString(
                folder.resolve("proxy.yaml"), ROUTES.formatted(backend.address().getPort()));
        List<String> addresses = open(InProcessProxy.start(file, null, OutputStream.nullOutputStream()))
                .addresses();
        String port = addresses.get(0).substring(addresses.get(0).lastIndexOf(':') + 1);
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }
}
