// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Splits a stream of bytes into lines. */
final class Lines {

    private final int maxBytes;
    private ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private List<byte[]> whole = new ArrayList<>();

    /** @param maxBytes maximum length of a line */
    Lines(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @throws IOException with one sentence if a line is too long */
    void add(ByteBuf bytes) throws IOException {
        while (bytes.isReadable()) {
            int length = bytes.bytesBefore((byte) '\n');
            int more = length < 0 ? bytes.readableBytes() : length;
            if (more > maxBytes - begun.size()) {
                throw new IOException("a line of the response is longer than " + maxBytes + " bytes");
            }
            bytes.readBytes(begun, more);
            if (length >= 0) {
                bytes.skipBytes(1);
                if (begun.size() > 0) {
                    whole.add(begun.toByteArray());
                }
                // A new buffer, since reset() would keep the memory of the longest line.
                begun = new ByteArrayOutputStream();
            }
        }
    }

    /** The lines that were completed since the last call, without empty ones. */
    List<byte[]> take() {
        List<byte[]> taken = whole;
        whole = new ArrayList<>();
        return taken;
    }

    /** Whether there is an incomplete line. */
    boolean inMiddle() {
        return begun.size() > 0;
    }
}
