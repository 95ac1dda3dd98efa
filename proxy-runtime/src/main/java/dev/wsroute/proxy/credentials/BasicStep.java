// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks for a user and a password (RFC 7617). */
final class BasicStep implements AccessStep {

    /** As the access rules name it. */
    private static final String ISSUER = "basic";

    private static final String BASIC = "Basic ";
    private static final int MAX_LENGTH = 1024;

    private static final Denial BUSY = new Denial(
            RefusalReason.CREDENTIALS_UNVERIFIED,
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "Passwords cannot be checked at the moment.",
            "Too many passwords wait to be checked.",
            List.of(new NameValue("Retry-After", "1")));

    private static final Denial UNKNOWN = new Denial(
            RefusalReason.CREDENTIALS_UNVERIFIED,
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "Passwords cannot be checked at the moment.",
            "The users are not known yet.",
            List.of(new NameValue("Retry-After", "5")));

    private final Supplier<@Nullable Users> users;
    private final PasswordChecks checks;
    private final boolean forward;
    private final Denial missing;
    private final Denial wrong;

    private record Credentials(String user, String password) {}

    /**
     * @param users in force; null before they are known
     * @param realm what the user is asked a password for
     * @param forward whether the backend gets the password
     */
    BasicStep(Supplier<@Nullable Users> users, PasswordChecks checks, String realm, boolean forward) {
        this.users = users;
        this.checks = checks;
        this.forward = forward;
        List<NameValue> challenge =
                List.of(new NameValue("WWW-Authenticate", "Basic realm=\"" + realm + "\", charset=\"UTF-8\""));
        this.missing = new Denial(
                RefusalReason.CREDENTIALS_MISSING,
                HttpResponseStatus.UNAUTHORIZED.code(),
                "A user and a password are required.",
                "The request has no user and password.",
                challenge);
        this.wrong = new Denial(
                RefusalReason.CREDENTIALS_INVALID,
                HttpResponseStatus.UNAUTHORIZED.code(),
                "The user or the password is wrong.",
                "The user or the password is wrong.",
                challenge);
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        String header = request.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            next.accept(missing);
            return;
        }
        if (!forward) {
            grant.removeHeader(HttpHeaderNames.AUTHORIZATION.toString());
        }
        Users known = users.get();
        Credentials given = request.headerValues("Authorization").size() == 1 ? parse(header) : null;
        if (known == null) {
            next.accept(UNKNOWN);
        } else if (given == null) {
            next.accept(wrong);
        } else {
            check(known, given, request, grant, loop, next);
        }
    }

    private void check(
            Users known,
            Credentials given,
            AccessRequest request,
            Grant grant,
            EventLoop loop,
            Consumer<@Nullable Denial> next) {
        PasswordHash hash = known.hash(given.user);
        if (hash != null && checks.isKnown(given.user, given.password, hash)) {
            next.accept(pass(given, grant));
            return;
        }
        PasswordHash checked = hash == null ? known.any() : hash;
        if (checked == null) {
            next.accept(wrong);
            return;
        }
        boolean accepted = checks.check(
                request.clientAddress(),
                given.user,
                given.password,
                checked,
                right -> AccessStep.goOn(loop, next, () -> right && hash != null ? pass(given, grant) : wrong));
        if (!accepted) {
            next.accept(BUSY);
        }
    }

    private static @Nullable Denial pass(Credentials given, Grant grant) {
        grant.subject(ISSUER, given.user);
        return null;
    }

    private static @Nullable Credentials parse(String header) {
        if (header.length() > MAX_LENGTH) {
            return null;
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 1 ? null : new Credentials(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
