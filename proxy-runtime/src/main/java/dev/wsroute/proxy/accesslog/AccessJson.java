// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.wsroute.logging.AsciiEscapes;
import dev.wsroute.proxy.accesslog.AccessEntry.Handshake;
import dev.wsroute.proxy.accesslog.AccessEntry.TunnelTotals;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One JSON object per line, in ASCII, without unknown fields. */
final class AccessJson implements AccessLineFormat {

    private final JsonFactory factory = AsciiEscapes.on(new JsonFactory());

    @Override
    public void write(AccessEntry entry, OutputStream out) throws IOException {
        try (JsonGenerator json = factory.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("log", "access");
            long millis = TimeUnit.NANOSECONDS.toMillis(entry.nanos());
            text(
                    json,
                    "time",
                    Instant.ofEpochMilli(entry.epochMillis() + millis).toString());
            text(json, "event", word(entry.event()));
            text(json, "client", entry.client());
            text(json, "peer", entry.peer());
            text(json, "requestId", entry.requestId());
            text(json, "method", entry.method());
            text(json, "host", entry.host());
            text(json, "target", entry.target());
            text(json, "userAgent", entry.userAgent());
            json.writeNumberField("status", entry.status());
            text(json, "route", entry.route());
            text(json, "rule", entry.rule());
            text(json, "backend", entry.backend());
            text(json, "endpoint", entry.endpoint());
            json.writeNumberField("durationMillis", millis);
            Handshake handshake = entry.handshake();
            if (handshake != null) {
                write(json, handshake);
            }
            TunnelTotals tunnel = entry.tunnel();
            if (tunnel != null) {
                write(json, tunnel);
            }
            text(json, "detail", entry.detail());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, Handshake handshake) throws IOException {
        text(json, "subprotocol", handshake.subprotocol());
        json.writeNumberField("connectMicros", handshake.times().connect() / 1000);
        json.writeNumberField("upgradeMicros", handshake.times().upgrade() / 1000);
    }

    private static void write(JsonGenerator json, TunnelTotals tunnel) throws IOException {
        json.writeNumberField("messagesIn", tunnel.messagesIn());
        json.writeNumberField("bytesIn", tunnel.bytesIn());
        json.writeNumberField("messagesOut", tunnel.messagesOut());
        json.writeNumberField("bytesOut", tunnel.bytesOut());
        if (tunnel.closingNanos() >= 0) {
            json.writeNumberField("closingMillis", TimeUnit.NANOSECONDS.toMillis(tunnel.closingNanos()));
        }
        if (tunnel.closeCode() >= 0) {
            json.writeNumberField("closeCode", tunnel.closeCode());
        }
        text(json, "initiator", tunnel.end().initiator());
        text(json, "end", word(tunnel.end()));
        if (tunnel.closeReason() != null) {
            text(json, "closeReason", word(tunnel.closeReason()));
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, AccessEntry.cut(value));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
