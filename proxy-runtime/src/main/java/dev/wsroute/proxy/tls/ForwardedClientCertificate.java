// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Writes X-Forwarded-Client-Cert as Envoy does: the certificate's SHA-256 as {@code Hash}, its {@code Subject} (RFC 2253),
 * and each {@code URI} and {@code DNS} of its subject alternative names. Bytes that could end the value or the header are
 * escaped.
 */
final class ForwardedClientCertificate {

    /** Names that would make the value longer are left out. */
    private static final int MAX_LENGTH = 8 * 1024;

    private static final int MAX_SUBJECT = 2 * 1024;
    private static final int URI = 6;
    private static final int DNS = 2;

    private ForwardedClientCertificate() {}

    /** The value; null if the certificate cannot be encoded. */
    static @Nullable String of(X509Certificate certificate) {
        StringBuilder value = new StringBuilder();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            value.append("Hash=").append(HexFormat.of().formatHex(hash));
        } catch (GeneralSecurityException e) {
            return null;
        }
        String subject = escaped(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253), "\\", "");
        value.append(";Subject=\"")
                .append(subject.length() > MAX_SUBJECT ? "" : subject)
                .append('"');
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                append(value, "URI", URI, names);
                append(value, "DNS", DNS, names);
            }
        } catch (CertificateParsingException e) {
            // The certificate was verified; its names are left out.
            return value.toString();
        }
        return value.toString();
    }

    private static void append(StringBuilder value, String key, int type, Collection<List<?>> names) {
        for (List<?> name : names) {
            if (name.get(0).equals(type)) {
                String text = quoted(String.valueOf(name.get(1)));
                if (value.length() + key.length() + text.length() + 2 <= MAX_LENGTH) {
                    value.append(';').append(key).append('=').append(text);
                }
            }
        }
    }

    /** Quoted if it contains a separator. */
    private static String quoted(String name) {
        String text = escaped(name, "%", "\"\\");
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == ';' || c == '=' || c == ' ');
        return plain ? text : '"' + text + '"';
    }

    /**
     * Writes each byte that is not printable ASCII in hexadecimal.
     *
     * @param prefix what precedes the two digits
     * @param others characters that are escaped too
     */
    private static String escaped(String text, String prefix, String others) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ' || b == 0x7f || others.indexOf(b) >= 0) {
                escaped.append(prefix).append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                escaped.append((char) b);
            }
        }
        return escaped.toString();
    }
}
