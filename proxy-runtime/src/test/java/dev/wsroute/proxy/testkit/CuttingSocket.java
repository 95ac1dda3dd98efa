// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A socket that can send each written array in two segments. The JDK's TLS writes a record at once, so these segments cut
 * records: within their header, behind it, in the middle, and before their last byte, in turns.
 */
final class CuttingSocket extends Socket {

    private static final int RECORD_HEADER = 5;

    private RawPeer.@Nullable Pause pause;
    private int writes;

    /** @param between runs behind the first segment, until the other end has read it */
    void cut(RawPeer.Pause between) {
        pause = between;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                RawPeer.Pause between = pause;
                int first = between == null || length < 2 ? 0 : position(length);
                if (between != null && first > 0) {
                    out.write(bytes, offset, first);
                    run(between);
                }
                out.write(bytes, offset + first, length - first);
            }
        };
    }

    private static void run(RawPeer.Pause pause) throws IOException {
        try {
            pause.run();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private int position(int length) {
        int[] positions = {1 + writes % (RECORD_HEADER - 1), RECORD_HEADER, length / 2, length - 1};
        int position = positions[writes % positions.length];
        writes++;
        return Math.min(position, length - 1);
    }
}
