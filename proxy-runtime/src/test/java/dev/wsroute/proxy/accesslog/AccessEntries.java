// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import org.jspecify.annotations.Nullable;

/** Entries to log. */
final class AccessEntries {

    private AccessEntries() {}

    static AccessEntry request(String target, @Nullable String detail) {
        return request(target, null, detail);
    }

    static AccessEntry request(String target, @Nullable Subject subject, @Nullable String detail) {
        return new AccessEntry(
                0,
                1_500_000_000L,
                "127.0.0.1:5000",
                "127.0.0.1:5000",
                "4f1c",
                "GET",
                "chat.example.com",
                target,
                null,
                subject,
                404,
                null,
                null,
                null,
                null,
                detail,
                null,
                null,
                null);
    }

    static AccessEntry websocket(AccessEntry.@Nullable TunnelTotals tunnel) {
        return new AccessEntry(
                0,
                1_500_000_000L,
                "127.0.0.1:5000",
                "127.0.0.1:5000",
                "4f1c",
                "GET",
                "chat.example.com",
                "/ws",
                null,
                null,
                101,
                "apps/chat",
                "all",
                "service/chat:ws",
                "10.0.0.1:80",
                null,
                null,
                new AccessEntry.Handshake(new HandshakeTimes(1_000_000, 2_000_000), "chat.v2"),
                tunnel);
    }
}
