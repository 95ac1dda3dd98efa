// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import javax.net.ssl.SSLException;

/** The header of a TLS record (RFC 8446 §5.1): one byte of type, two of version, two of length. */
final class TlsRecord {

    private static final int HEADER = 5;

    /** In bytes, of TLS 1.2 (RFC 5246 §6.2.3); TLS 1.3 allows less. */
    private static final int LONGEST = 16 * 1024 + 2048;

    private TlsRecord() {}

    /**
     * Where the record that begins at {@code start} ends.
     *
     * @return -1 if it is not whole
     * @throws SSLException no record is so long
     */
    static int end(ByteBuf bytes, int start, int end) throws SSLException {
        if (end - start < HEADER) {
            return -1;
        }
        int length = bytes.getUnsignedShort(start + 3);
        if (length > LONGEST) {
            throw new SSLException("A TLS record of " + length + " bytes");
        }
        int next = start + HEADER + length;
        return next <= end ? next : -1;
    }
}
