// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses similar documents. The first one is the dictionary for all (RFC 1951 with a preset dictionary, as in RFC 1950
 * section 2.2), so each takes little more than its differences.
 */
final class CompressedJson {

    /** The window size of DEFLATE. */
    private static final int WINDOW = 32 * 1024;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] buffer = new byte[8 * 1024];
    private volatile byte @Nullable [] dictionary;

    /** Returns the length of the document, 4 bytes, followed by the compressed document. */
    synchronized byte[] pack(byte[] document) {
        deflater.reset();
        deflater.setDictionary(dictionary(document));
        deflater.setInput(document);
        deflater.finish();
        int length = Integer.BYTES;
        while (!deflater.finished()) {
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            length += deflater.deflate(buffer, length, buffer.length - length);
        }
        byte[] packed = Arrays.copyOf(buffer, length);
        ByteBuffer.wrap(packed).putInt(document.length);
        return packed;
    }

    private byte[] dictionary(byte[] document) {
        byte[] known = dictionary;
        if (known == null) {
            known = Arrays.copyOfRange(document, Math.max(document.length - WINDOW, 0), document.length);
            dictionary = known;
        }
        return known;
    }

    /** Reverses {@link #pack}. */
    byte[] unpack(byte[] packed) {
        Inflater inflater = new Inflater(true);
        try {
            byte[] known = dictionary;
            if (known != null) {
                inflater.setDictionary(known);
            }
            byte[] document = new byte[ByteBuffer.wrap(packed).getInt()];
            inflater.setInput(packed, Integer.BYTES, packed.length - Integer.BYTES);
            int length = 0;
            while (length < document.length) {
                int more = inflater.inflate(document, length, document.length - length);
                if (more == 0) {
                    throw new IllegalStateException("a packed document ends early");
                }
                length += more;
            }
            return document;
        } catch (DataFormatException e) {
            throw new IllegalStateException("a packed document is broken", e);
        } finally {
            inflater.end();
        }
    }
}
