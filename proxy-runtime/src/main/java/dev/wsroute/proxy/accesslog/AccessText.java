// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.proxy.drain.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A human-readable format. */
final class AccessText implements AccessLineFormat {

    @Override
    public void write(AccessEntry entry, OutputStream out) throws IOException {
        Instant time = Instant.ofEpochMilli(entry.epochMillis() + TimeUnit.NANOSECONDS.toMillis(entry.nanos()));
        out.write((time + " " + line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static String line(AccessEntry entry) {
        StringBuilder line = new StringBuilder(200)
                .append(word(entry.event()))
                .append(' ')
                .append(entry.client())
                .append(" \"")
                .append(clean(entry.method()))
                .append(' ')
                .append(clean(entry.host()))
                .append(clean(entry.target()))
                .append("\" ")
                .append(entry.status())
                .append(' ')
                .append(TimeUnit.NANOSECONDS.toMillis(entry.nanos()))
                .append("ms ")
                .append(orDash(entry.route()))
                .append(' ')
                .append(orDash(entry.rule()))
                .append(' ')
                .append(orDash(entry.backend()))
                .append(' ')
                .append(orDash(entry.endpoint()));
        AccessEntry.TunnelTotals tunnel = entry.tunnel();
        if (tunnel != null) {
            append(line, tunnel);
        }
        if (entry.detail() != null) {
            line.append(" (").append(clean(entry.detail())).append(')');
        }
        Subject subject = entry.subject();
        if (subject != null) {
            line.append(" subject=\"")
                    .append(clean(subject.name()))
                    .append("\" issuer=\"")
                    .append(clean(subject.issuer()))
                    .append('"');
        }
        if (entry.reported() != null) {
            line.append(" reported=\"").append(clean(entry.reported())).append('"');
        }
        return line.toString();
    }

    private static void append(StringBuilder line, AccessEntry.TunnelTotals tunnel) {
        line.append(" in=")
                .append(tunnel.messagesIn())
                .append('/')
                .append(tunnel.bytesIn())
                .append("B out=")
                .append(tunnel.messagesOut())
                .append('/')
                .append(tunnel.bytesOut())
                .append("B ")
                .append(word(tunnel.end()))
                .append(' ')
                .append(tunnel.closeCode() < 0 ? "-" : String.valueOf(tunnel.closeCode()));
        if (tunnel.closeReason() != null) {
            line.append(' ').append(word(tunnel.closeReason()));
        }
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : clean(text);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Escapes characters with which a client could forge a line, a quoted part or a terminal control sequence. */
    private static String clean(String text) {
        String shown = AccessEntry.cut(text);
        StringBuilder cleaned = null;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c < ' ' || c == '"' || c >= 0x7f) {
                if (cleaned == null) {
                    cleaned = new StringBuilder(shown);
                }
                cleaned.setCharAt(i, '?');
            }
        }
        return cleaned == null ? shown : cleaned.toString();
    }
}
