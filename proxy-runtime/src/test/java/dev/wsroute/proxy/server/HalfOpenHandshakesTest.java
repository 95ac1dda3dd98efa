// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.ClientHellos;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.PackagedProxy;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients that begin a TLS handshake and never end it. A proxy with little memory still serves others. */
@Tag("slow")
class HalfOpenHandshakesTest extends ProxyTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final double MIB = 1 << 20;

    private static final List<String> LITTLE =
            List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m", "-XX:TieredStopAtLevel=1");

    /** The default of the proxy's container: 40 % of 512 MiB for the heap, and as much direct memory. */
    private static final List<String> IMAGE = List.of("-Xms16m", "-Xmx205m");

    @TempDir
    private Path folder;

    /** What each client sends. */
    enum HalfOpen {
        HALF_A_HELLO {
            @Override
            byte[] bytes() throws IOException {
                byte[] hello = ClientHellos.of(CA.client(), "TLSv1.3");
                return Arrays.copyOf(hello, hello.length / 2);
            }
        },
        HELLO {
            @Override
            byte[] bytes() throws IOException {
                return ClientHellos.of(CA.client(), "TLSv1.3");
            }
        },
        /** A session ticket with the client's chain may be as long. */
        LONGEST_HELLO {
            @Override
            byte[] bytes() throws IOException {
                return ClientHellos.padded(ClientHellos.of(CA.client(), "TLSv1.2"), LONGEST);
            }
        },
        LONGEST_CERTIFICATE {
            @Override
            byte[] bytes() throws IOException {
                ByteArrayOutputStream both = new ByteArrayOutputStream();
                both.writeBytes(ClientHellos.of(CA.client(), "TLSv1.2"));
                both.writeBytes(ClientHellos.unfinishedCertificate(LONGEST));
                return both.toByteArray();
            }
        };

        private static final int LONGEST = 47_000;

        abstract byte[] bytes() throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void theMemoryOfHalfOpenHandshakesIsBoundedAndOthersAreServed(HalfOpen kind) throws Exception {
        // Heap and direct memory together; without a limit, a thousand of the longest take more.
        play(kind, 1000, 2, LITTLE, 96 * MIB);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void withTheMemoryOfTheImageTenThousandHalfOpenHandshakesStayWithinTheContainersLimit(HalfOpen kind)
            throws Exception {
        play(kind, 10_000, 10, IMAGE, 410 * MIB);
    }

    /**
     * @param seconds handshake timeout
     * @param growth limit of what the process takes in addition, in bytes
     */
    private void play(HalfOpen kind, int size, int seconds, List<String> memory, double growth) throws Exception {
        PackagedProxy proxy = open(PackagedProxy.start(config(seconds), FreePort.find(), memory));
        awaitServed(proxy);
        double before = proxy.metric("process_resident_memory_bytes ");
        byte[] bytes = kind.bytes();
        for (int i = 0; i < size; i++) {
            RawPeer peer = open(RawPeer.connect(proxy.address()));
            try {
                peer.send(bytes);
            } catch (SocketException evicted) {
                continue;
            }
            if (i % 500 == 0) {
                assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"handshakes\"}"))
                        .isLessThanOrEqualTo(proxy.metric("wsroute_memory_budget_bytes{budget=\"handshakes\"}"));
            }
        }

        awaitServed(proxy);
        assertThat(proxy.metric("process_resident_memory_bytes ") - before).isLessThan(growth);
        await().untilAsserted(() -> {
            // A client that was served at its second attempt may be among them.
            assertThat(failures(proxy, "memory") + failures(proxy, "too_slow")).isGreaterThanOrEqualTo(size);
            assertThat(proxy.metric("wsroute_memory_used_bytes{budget=\"handshakes\"}"))
                    .isZero();
            assertThat(proxy.metric("wsroute_clients ")).isZero();
        });
        assertThat(failures(proxy, "too_slow")).isPositive();
        if (kind != HalfOpen.HALF_A_HELLO) {
            assertThat(failures(proxy, "memory")).isPositive();
            assertThat(proxy.metric("wsroute_memory_evictions_total ")).isPositive();
        }
        assertThat(proxy.metric("wsroute_contained_errors_total{")).isZero();
    }

    private static double failures(PackagedProxy proxy, String reason) throws Exception {
        return proxy.metric("wsroute_tls_handshake_failures_total{reason=\"" + reason + "\"}");
    }

    /** A connection may be the oldest in a crowd if the machine is busy. */
    private static void awaitServed(PackagedProxy proxy) {
        await().ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> {
            try (RawPeer client = RawPeer.secure(
                    proxy.address(), CA.client(CA.issue("dns:client.example.com")), "chat.example.com")) {
                client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n");
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 404 ");
            }
        });
    }

    private Path config(int seconds) throws Exception {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        CA.issue("dns:chat.example.com").write(certificate, key);
        Path authority = Files.writeString(folder.resolve("ca.crt"), CA.certificatePem());
        return Files.writeString(folder.resolve("proxy.yaml"), """
                listeners:
                  - name: wss
                    address: 127.0.0.1
                    port: 0
                    protocol: HTTPS
                    tls:
                      certificates: [{certificateFile: %s, keyFile: %s}]
                      clientCertificates: {caCertificates: [{file: %s}]}
                limits: {handshakeTimeout: %ds}
                drain: {over: 0s, closeTimeout: 1s}
                accessLog: {enabled: false}
                routes:
                  - name: all
                    hostnames: [chat.example.com]
                    rules:
                      - name: all
                        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: 9}]}]
                """.formatted(certificate, key, authority, seconds));
    }
}
