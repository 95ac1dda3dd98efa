// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.AccessConfig.Mode;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses pages of other origins (RFC 6455 §10.2), and gives pages of allowed ones the CORS headers that they need for requests
 * without an upgrade (Fetch Standard, "CORS protocol"). Preflight requests are answered here, since a backend that knows no CORS
 * would refuse them.
 */
final class OriginStep implements AccessStep {

    private static final Denial DENIED =
            Denial.of(RefusalReason.ORIGIN_DENIED, HttpResponseStatus.FORBIDDEN.code(), "This origin may not connect.");

    private static final Denial MISSING = Denial.of(
            RefusalReason.ORIGIN_DENIED, HttpResponseStatus.FORBIDDEN.code(), "An Origin header is required.");

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    private static final String PREFLIGHT_SECONDS = "600";

    /** A method, or names of headers; others are not echoed. */
    private static final Pattern ECHOED = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z, ]{1,1024}");

    private final AllowedOrigins allowed;
    private final boolean required;
    private final Mode mode;
    private final Consumer<RefusalReason> reported;

    /** @param reported called if a request is served that would be refused in mode Enforce */
    OriginStep(AllowedOrigins allowed, boolean required, Mode mode, Consumer<RefusalReason> reported) {
        this.allowed = allowed;
        this.required = required;
        this.mode = mode;
        this.reported = reported;
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        List<String> origins = request.headers().getAll(HttpHeaderNames.ORIGIN);
        // Without a list there is nobody to whom responses could be shown.
        boolean plain = !request.upgradesToWebSocket() && !allowed.allowAll();
        if (plain) {
            // The response depends on the header, whether there is one or not.
            grant.responseHeader("Vary", "Origin");
        }
        if (origins.isEmpty()) {
            next.accept(required ? verdict(MISSING, grant) : null);
            return;
        }
        String origin = origins.get(0);
        if (origins.size() > 1 || !allowed.allow(origin, request)) {
            next.accept(verdict(DENIED, grant));
            return;
        }
        if (plain) {
            grant.responseHeader(ALLOW_ORIGIN, origin);
            grant.responseHeader(ALLOW_CREDENTIALS, "true");
        }
        next.accept(plain && isPreflight(request) ? preflight(request) : null);
    }

    private @Nullable Denial verdict(Denial denial, Grant grant) {
        if (mode == Mode.Enforce) {
            return denial;
        }
        reported.accept(denial.reason());
        grant.note("Access would have been refused: " + denial.sentence());
        return null;
    }

    private static boolean isPreflight(AccessRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static Denial preflight(AccessRequest request) {
        List<NameValue> headers = new ArrayList<>();
        echo(headers, "Access-Control-Allow-Methods", request.header("Access-Control-Request-Method"));
        echo(headers, "Access-Control-Allow-Headers", request.header("Access-Control-Request-Headers"));
        headers.add(new NameValue("Access-Control-Max-Age", PREFLIGHT_SECONDS));
        headers.add(new NameValue("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"));
        return new Denial(
                RefusalReason.PREFLIGHT,
                HttpResponseStatus.NO_CONTENT.code(),
                "",
                "The proxy answered a CORS preflight.",
                headers);
    }

    private static void echo(List<NameValue> headers, String name, @Nullable String requested) {
        if (requested != null && ECHOED.matcher(requested).matches()) {
            headers.add(new NameValue(name, requested));
        }
    }
}
