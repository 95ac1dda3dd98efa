// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.proxy.accesslog.AccessEntry.Handshake;
import dev.wsroute.proxy.accesslog.AccessEntry.TunnelTotals;
import dev.wsroute.proxy.drain.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One JSON object per line, in ASCII, without unknown fields. */
final class AccessJson implements AccessLineFormat {

    private static final long MILLIS = 1000;

    private final JsonLine json = new JsonLine();
    /** The second of the last line, and its text without the time zone: most lines are of the same second. */
    private long second = Long.MIN_VALUE;

    private String secondText = "";

    @Override
    public void write(AccessEntry entry, OutputStream out) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(entry.nanos());
        json.begin();
        json.text("log", "access");
        json.text("time", time(entry.epochMillis() + millis));
        json.text("event", word(entry.event()));
        text("client", entry.client());
        text("peer", entry.peer());
        text("requestId", entry.requestId());
        text("method", entry.method());
        text("host", entry.host());
        text("target", entry.target());
        text("userAgent", entry.userAgent());
        Subject subject = entry.subject();
        if (subject != null) {
            text("subject", subject.name());
            text("issuer", subject.issuer());
        }
        json.number("status", entry.status());
        text("route", entry.route());
        text("rule", entry.rule());
        text("backend", entry.backend());
        text("endpoint", entry.endpoint());
        json.number("durationMillis", millis);
        Handshake handshake = entry.handshake();
        if (handshake != null) {
            write(handshake);
        }
        TunnelTotals tunnel = entry.tunnel();
        if (tunnel != null) {
            write(tunnel);
        }
        text("detail", entry.detail());
        text("reported", entry.reported());
        json.end(out);
    }

    private void write(Handshake handshake) {
        text("subprotocol", handshake.subprotocol());
        json.number("connectMicros", handshake.times().connect() / 1000);
        json.number("upgradeMicros", handshake.times().upgrade() / 1000);
    }

    private void write(TunnelTotals tunnel) {
        json.number("messagesIn", tunnel.messagesIn());
        json.number("bytesIn", tunnel.bytesIn());
        json.number("messagesOut", tunnel.messagesOut());
        json.number("bytesOut", tunnel.bytesOut());
        if (tunnel.closingNanos() >= 0) {
            json.number("closingMillis", TimeUnit.NANOSECONDS.toMillis(tunnel.closingNanos()));
        }
        if (tunnel.closeCode() >= 0) {
            json.number("closeCode", tunnel.closeCode());
        }
        text("initiator", tunnel.end().initiator());
        json.text("end", word(tunnel.end()));
        if (tunnel.closeReason() != null) {
            json.text("closeReason", word(tunnel.closeReason()));
        }
    }

    private void text(String name, @Nullable String value) {
        json.text(name, value == null ? null : AccessEntry.cut(value));
    }

    /** ISO 8601, as {@link Instant} writes it: without a fraction at the start of a second. */
    private String time(long epochMillis) {
        long of = Math.floorDiv(epochMillis, MILLIS);
        if (of != second) {
            String text = Instant.ofEpochSecond(of).toString();
            secondText = text.substring(0, text.length() - 1);
            second = of;
        }
        long fraction = Math.floorMod(epochMillis, MILLIS);
        return fraction == 0
                ? secondText + "Z"
                : secondText + "." + Long.toString(MILLIS + fraction).substring(1) + "Z";
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
