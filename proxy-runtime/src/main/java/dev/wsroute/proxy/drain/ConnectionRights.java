// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import org.jspecify.annotations.Nullable;

/**
 * On what the right to an open connection rests, as access rules found out at its handshake.
 *
 * @param subject who the client is; null if unknown
 * @param token what its token may be revoked by; null if it has none
 * @param endsMillis when the right ends, in milliseconds since the epoch; {@link #NEVER} if it does not
 * @param closeCode the close code that clients get then
 * @param endReason why it is closed then
 * @param watch goes on asking whether the connection may stay; null for none
 */
public record ConnectionRights(
        @Nullable Subject subject,
        @Nullable TokenNames token,
        long endsMillis,
        int closeCode,
        CloseReason endReason,
        @Nullable ConnectionWatch watch) {

    /** A right that does not end. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Of connections about which nothing is known, and which nothing ends. */
    public static final ConnectionRights NONE =
            new ConnectionRights(null, null, NEVER, CloseReason.TOKEN_EXPIRED.code());

    /** Those of a token, without a watch. */
    public ConnectionRights(@Nullable Subject subject, @Nullable TokenNames token, long endsMillis, int closeCode) {
        this(subject, token, endsMillis, closeCode, CloseReason.TOKEN_EXPIRED, null);
    }

    /** Whether they end. */
    public boolean end() {
        return endsMillis != NEVER;
    }

    /** Approximate heap usage in bytes, without the subject, which the access log has too. */
    public int bytes() {
        return 48 + (token == null ? 0 : token.bytes()) + (watch == null ? 0 : watch.bytes());
    }
}
