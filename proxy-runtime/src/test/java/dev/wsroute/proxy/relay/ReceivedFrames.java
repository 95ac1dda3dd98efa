// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes that one side has received, and the position of the Close frame in them. */
final class ReceivedFrames {

    private byte[] bytes = new byte[1024];
    private int length;
    private long nextFrame;
    private int closeAt = -1;
    private int closeCode = -1;

    void add(byte[] from, int start, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        System.arraycopy(from, start, bytes, length, count);
        length += count;
        follow();
    }

    private void follow() {
        while (closeAt < 0 && nextFrame + 2 <= length) {
            int index = (int) nextFrame;
            int length7 = bytes[index + 1] & 0x7f;
            int mask = (bytes[index + 1] & 0x80) == 0 ? 0 : 4;
            int header = 2 + (length7 < 126 ? 0 : length7 == 126 ? 2 : 8) + mask;
            if (index + header > length) {
                return;
            }
            long payload = length7 < 126
                    ? length7
                    : length7 == 126
                            ? ByteBuffer.wrap(bytes).getShort(index + 2) & 0xffff
                            : ByteBuffer.wrap(bytes).getLong(index + 2);
            if ((bytes[index] & 0x0f) == 8) {
                if (index + header + payload > length) {
                    return;
                }
                closeAt = index;
                int code = ByteBuffer.wrap(bytes).getShort(index + header) & 0xffff;
                int key = mask == 0 ? 0 : ByteBuffer.wrap(bytes).getShort(index + header - 4) & 0xffff;
                closeCode = code ^ key;
            }
            nextFrame = index + header + payload;
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Index of the Close frame; -1 if none was received. */
    int closeAt() {
        return closeAt;
    }

    int closeCode() {
        return closeCode;
    }

    /** Whether bytes follow the Close. */
    boolean hasBytesAfterClose() {
        return closeAt >= 0 && nextFrame < length;
    }
}
