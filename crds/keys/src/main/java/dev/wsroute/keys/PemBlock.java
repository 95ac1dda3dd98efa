// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A block of a text (RFC 7468).
 *
 * @param label such as {@code CERTIFICATE}
 * @param content base64, possibly after header lines
 */
public record PemBlock(String label, String content) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    /** Characters; RFC 7468's own labels have at most 22. */
    private static final int LONGEST_LABEL = 64;

    /** @throws IllegalArgumentException if it is not base64 */
    public byte[] bytes() {
        return Base64.getMimeDecoder().decode(content);
    }

    /** Its label; never the content, which may be a private key. */
    @Override
    public String toString() {
        return label;
    }

    /**
     * The blocks of the text, whatever is between them. Reads each character once or twice: the text may come from a
     * tenant.
     *
     * @param what for the error message, such as {@code certificate-authority}
     * @throws IOException if a block does not end, since the text was cut off
     */
    public static List<PemBlock> of(String what, byte[] pem) throws IOException {
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        List<PemBlock> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int label = begin + BEGIN.length();
            int content = text.indexOf(DASHES, label);
            boolean labelled = content >= 0 && content - label <= LONGEST_LABEL;
            String end = labelled ? "-----END " + text.substring(label, content) + DASHES : "";
            int ending = labelled ? text.indexOf(end, content + DASHES.length()) : -1;
            if (ending < 0) {
                throw new IOException("The " + what + " is cut off: a PEM block has no end");
            }
            blocks.add(new PemBlock(text.substring(label, content), text.substring(content + DASHES.length(), ending)));
            begin = text.indexOf(BEGIN, ending + end.length());
        }
        return blocks;
    }
}
