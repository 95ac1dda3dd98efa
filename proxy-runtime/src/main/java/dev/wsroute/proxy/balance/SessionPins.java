// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.SessionPersistence;
import dev.wsroute.config.SessionPersistence.Secure;
import dev.wsroute.proxy.routing.RequestFacts;
import dev.wsroute.proxy.session.Pin;
import dev.wsroute.proxy.session.PinSigner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session cookie of a rule.
 *
 * @param signer the signer of the current key; null while there is none
 */
record SessionPins(SessionPersistence config, Supplier<@Nullable PinSigner> signer, InstantSource clock) {

    /** Tolerated clock skew between proxies, in seconds. */
    private static final long SKEW = 60;

    /** The token in the request's cookie; null if there is no valid one. */
    Pin.@Nullable EndpointToken read(RequestFacts request) {
        String value = request.cookie(config.sessionName());
        PinSigner reader = value == null ? null : signer.get();
        Pin pin = value == null || reader == null ? null : reader.read(value);
        return pin == null || isOver(pin) ? null : pin.token();
    }

    /**
     * A {@code Set-Cookie} value (RFC 6265 §4.1) that pins to a member; null while there is no key.
     *
     * @param overTls whether the client uses TLS
     */
    @Nullable String write(Member member, boolean overTls) {
        Member.Session session = member.session();
        if (session == null) {
            return null;
        }
        StringBuilder cookie = new StringBuilder(config.sessionName()).append('=');
        cookie.append(session.signer().write(new Pin(session.token(), now())));
        cookie.append("; Path=/; HttpOnly; SameSite=").append(config.sameSite());
        Duration timeout = config.absoluteTimeout();
        if (timeout != null) {
            cookie.append("; Max-Age=").append(seconds(timeout));
        }
        if (overTls || config.secure() == Secure.Always) {
            cookie.append("; Secure");
        }
        return cookie.toString();
    }

    private boolean isOver(Pin pin) {
        Duration timeout = config.absoluteTimeout();
        long age = now() - pin.issued();
        return timeout != null && (age < -SKEW || age >= seconds(timeout));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Rounded up, since a cookie with Max-Age=0 is never sent. */
    private static long seconds(Duration timeout) {
        return timeout.plusNanos(999_999_999).toSeconds();
    }
}
