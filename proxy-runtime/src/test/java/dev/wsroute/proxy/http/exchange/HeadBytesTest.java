// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.http.client.ResponseEncoder;
import dev.wsroute.proxy.tcp.ScratchBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadBytesTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    @Test
    void aRequestsHeadIsWrittenAsItIs() {
        ByteBuf head = BackendRequestEncoder.head(allocator, request(new DefaultHttpHeaders().set("Host", "a")));

        assertThat(head.toString(ISO_8859_1)).isEqualTo("GET /a%2fb?c#d HTTP/1.1\r\nHost: a\r\n\r\n");
        head.release();
    }

    @Test
    void aHeadThatCannotBeWrittenHoldsNoMemory() {
        HttpHeaders broken = new DefaultHttpHeaders() {
            @Override
            public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
                throw new IllegalStateException("broken");
            }
        };

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> BackendRequestEncoder.head(allocator, request(broken)))
                    .hasMessage("broken");
            assertThatThrownBy(() -> ResponseEncoder.switching(allocator, broken))
                    .hasMessage("broken");
        }

        // At most one reused buffer for each kind of head.
        assertThat(allocator.metric().usedDirectMemory()).isLessThanOrEqualTo(2 * ScratchBuffer.CAPACITY);
    }

    private static HttpRequest request(HttpHeaders headers) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/a%2fb?c#d", headers);
    }
}
