// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** A tunnel keeps no more of its request than the access log record, however long the head was. */
class LongHeadTest {

    private static final int TUNNELS = 60;
    private static final Pattern BYTE_ARRAYS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +\\[B\\b");

    @Test
    void aTunnelKeepsLittleMemoryOfALongRequestHead() throws Exception {
        try (RawBackend backend = RawBackend.start();
                TestProxy proxy = TestProxy.to(backend)) {
            List<Pair> tunnels = new ArrayList<>();
            // The first tunnels create objects that later ones share.
            for (int i = 0; i < 10; i++) {
                tunnels.add(open(proxy, backend));
            }
            long before = bytesOfArrays();

            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(open(proxy, backend));
            }

            // 2,048 each for target and User-Agent, plus the other strings and the buffers of the test's own two
            // sockets.
            assertThat((bytesOfArrays() - before) / TUNNELS).isBetween(2L * 2048, 9L * 1024);
            for (Pair tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    private static Pair open(TestProxy proxy, RawBackend backend) throws Exception {
        RawPeer client = proxy.connect();
        client.send(TestProxy.handshake("User-Agent: " + "u".repeat(7000), "Cookie: c=" + "c".repeat(7000))
                .replace("/chat?x=1", "/chat?" + "t".repeat(7000)));
        RawPeer behind = backend.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        proxy.nextOpened();
        return new Pair(client, behind);
    }

    /** Bytes of all reachable arrays, after a full garbage collection. */
    private static long bytesOfArrays() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher line = BYTE_ARRAYS.matcher(histogram);
        assertThat(line.find()).as(histogram).isTrue();
        return Long.parseLong(line.group(1));
    }
}
