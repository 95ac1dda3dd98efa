// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.RequestCheck;
import dev.wsroute.proxy.memory.MemoryPlan;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExchangeRecordTest {

    private static final String LONG = "x".repeat(30_000);

    private final InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000);

    @Test
    void itKeeps2048CharactersOfEachTextThatPeersChoose() throws Exception {
        ExchangeRecord record = new ExchangeRecord(peer);

        record.request(head("/" + LONG), Set.of());
        record.switched(LONG);
        record.detail(LONG);

        assertThat(record.heapBytes()).isCloseTo(MemoryPlan.LONGEST_RECORD, within(64L));
        AccessEntry entry = record.entry(null);
        assertThat(entry.target()).isEqualTo("/" + "x".repeat(2047));
        assertThat(entry.userAgent()).isEqualTo("x".repeat(2048));
        assertThat(entry.detail()).hasSize(2048);
        assertThat(Objects.requireNonNull(entry.handshake()).subprotocol()).hasSize(2048);
        assertThat(record.bytes()).isBetween(4 * 2048, 4 * 2048 + 1024);
        assertThat(entry.bytes()).isBetween(4 * 2048, 4 * 2048 + 1024);
    }

    @Test
    void aShortTextIsKeptAsItIs() throws Exception {
        ExchangeRecord record = new ExchangeRecord(peer);

        record.request(head("/chat?x=1"), Set.of());

        assertThat(record.entry(null).target()).isEqualTo("/chat?x=1");
    }

    private RequestHead head(String target) throws Exception {
        DefaultHttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers().set("Host", "chat.example.com").set("User-Agent", LONG);
        return RequestCheck.check(request, ClientInfo.of(peer));
    }
}
