// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What a session depends on, as a hash: the listener, whether and by which CAs clients are verified, and the names of the
 * certificate. A ticket of one scope means nothing in another one, so that a resumed session never skips a check that a full
 * handshake would make.
 */
final class TicketScope {

    private TicketScope() {}

    /** SHA-256; the same on every proxy with these settings, whatever the order of CAs and names. */
    static byte[] of(String listener, ServerTerms terms, ServerIdentity identity) {
        MessageDigest digest = sha256();
        add(digest, List.of(listener));
        TrustedClients clients = terms.clients();
        if (clients != null) {
            add(digest, List.of(clients.mode().name()));
            add(digest, fingerprints(clients.authorities()));
        } else {
            add(digest, List.of());
            add(digest, List.of());
        }
        // RFC 6066 §3: a session must not be resumed for another server name.
        add(digest, new TreeSet<>(identity.names()));
        return digest.digest();
    }

    private static Collection<String> fingerprints(List<Certificate> authorities) {
        Collection<String> fingerprints = new TreeSet<>();
        for (Certificate authority : authorities) {
            try {
                byte[] hash = sha256().digest(authority.getEncoded());
                fingerprints.add(new String(hash, StandardCharsets.ISO_8859_1));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a certificate that was read can be encoded", e);
            }
        }
        return fingerprints;
    }

    /** With the number of texts and the length of each, so that no two lists look alike. */
    private static void add(MessageDigest digest, Collection<String> texts) {
        digest.update(number(texts.size()));
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(number(bytes.length));
            digest.update(bytes);
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
