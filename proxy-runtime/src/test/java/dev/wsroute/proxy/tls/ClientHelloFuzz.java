// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.fuzz.Chunks;
import dev.wsroute.proxy.tls.ClientHello.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * However a client hello is split, it is complete at the same byte, names the same host, and is never longer than its limit.
 * A host has the characters of host names only.
 */
public final class ClientHelloFuzz {

    private ClientHelloFuzz() {}

    private record Outcome(Progress progress, @Nullable String host) {}

    public static void fuzzerTestOneInput(byte[] data) {
        Outcome first = null;
        for (List<byte[]> pieces : Chunks.of(data)) {
            Outcome outcome = read(pieces);
            if (first == null) {
                first = outcome;
            }
            assertThat(outcome).isEqualTo(first);
        }
        if (first != null && first.host() != null) {
            assertThat(first.host()).matches("[a-z0-9._-]{1,255}");
        }
    }

    private static Outcome read(List<byte[]> pieces) {
        ClientHello hello = new ClientHello(false);
        ByteBuf bytes = Unpooled.buffer();
        Progress progress = Progress.INCOMPLETE;
        for (byte[] piece : pieces) {
            bytes.writeBytes(piece);
            progress = hello.read(bytes);
            if (progress != Progress.INCOMPLETE) {
                break;
            }
            assertThat(bytes.readableBytes()).isLessThan(ClientHello.MAX_BYTES + 5 + piece.length);
        }
        return new Outcome(progress, progress == Progress.COMPLETE ? hello.host(bytes) : null);
    }
}
