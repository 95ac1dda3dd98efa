package dev.wsroute.proxy.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the access log to the logger {@code access}: one line for people, the same as fields for machines. */
public final class AccessLogger implements AccessLog {

    private static final int MAX_TEXT = 512;

    private final Logger access = LoggerFactory.getLogger("access");
    private final boolean fields;

    /** @param fields whether the log is JSON */
    public AccessLogger(boolean fields) {
        this.fields = fields;
    }

    @Override
    public void log(AccessEntry entry) {
        if (!access.isInfoEnabled()) {
            return;
        }
        if (fields) {
            structured(entry);
        } else {
            access.info(line(entry));
        }
    }

    private void structured(AccessEntry entry) {
        LoggingEventBuilder event = access.atInfo()
                .addKeyValue("started", entry.epochMillis())
                .addKeyValue("durationMillis", entry.nanos() / 1_000_000)
                .addKeyValue("client", entry.client())
                .addKeyValue("method", entry.method())
                .addKeyValue("host", entry.host())
                .addKeyValue("target", cut(entry.target()))
                .addKeyValue("status", entry.status());
        event = with(event, "userAgent", entry.userAgent());
        event = with(event, "route", entry.route());
        event = with(event, "backend", entry.backend());
        event = with(event, "endpoint", entry.endpoint());
        event = with(event, "detail", entry.detail());
        AccessEntry.Tunnel tunnel = entry.tunnel();
        if (tunnel != null) {
            event = event.addKeyValue("messagesIn", tunnel.messagesIn())
                    .addKeyValue("bytesIn", tunnel.bytesIn())
                    .addKeyValue("messagesOut", tunnel.messagesOut())
                    .addKeyValue("bytesOut", tunnel.bytesOut())
                    .addKeyValue("closeCode", tunnel.closeCode())
                    .addKeyValue("end", word(tunnel.end()));
            event = with(event, "closeReason", word(tunnel.closeReason()));
        }
        event.log(tunnel == null ? "request" : "websocket");
    }

    private static LoggingEventBuilder with(LoggingEventBuilder event, String name, @Nullable String value) {
        return value == null ? event : event.addKeyValue(name, cut(value));
    }

    static String line(AccessEntry entry) {
        StringBuilder line = new StringBuilder(160)
                .append(entry.client())
                .append(" \"")
                .append(clean(entry.method()))
                .append(' ')
                .append(clean(entry.host()))
                .append(clean(entry.target()))
                .append("\" ")
                .append(entry.status())
                .append(' ')
                .append(entry.nanos() / 1_000_000)
                .append("ms ")
                .append(orDash(entry.route()))
                .append(' ')
                .append(orDash(entry.backend()))
                .append(' ')
                .append(orDash(entry.endpoint()));
        AccessEntry.Tunnel tunnel = entry.tunnel();
        if (tunnel != null) {
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
        }
        if (entry.detail() != null) {
            line.append(" (").append(clean(entry.detail())).append(')');
        }
        return line.toString();
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private static @Nullable String word(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** No client may forge a line of its own. */
    private static String clean(String text) {
        String shown = cut(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c < ' ' || c == '"' || c == 0x7f) {
                return shown.replaceAll("[\\x00-\\x1f\"\\x7f]", "?");
            }
        }
        return shown;
    }
}
