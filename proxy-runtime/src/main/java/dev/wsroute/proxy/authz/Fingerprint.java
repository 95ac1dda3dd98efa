// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A SHA-256 of everything that is sent to the service, so that credentials are not kept as keys of a map. The IDs of requests do
 * not count.
 */
record Fingerprint(long a, long b, long c, long d) {

    private static final Set<String> OF_ONE_REQUEST = Set.of(
            "x-request-id",
            "x-correlation-id",
            "x-trace-id",
            "traceparent",
            "tracestate",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-amzn-trace-id",
            "x-cloud-trace-context",
            "cf-ray");

    static Fingerprint of(String host, HttpHeaders headers) {
        MessageDigest digest = sha256();
        add(digest, host);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            String name = AsciiString.of(header.getKey()).toString().toLowerCase(Locale.ROOT);
            if (!OF_ONE_REQUEST.contains(name)) {
                add(digest, name);
                add(digest, header.getValue().toString());
            }
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.ISO_8859_1));
        // Neither a name nor a value contains it.
        digest.update((byte) '\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
