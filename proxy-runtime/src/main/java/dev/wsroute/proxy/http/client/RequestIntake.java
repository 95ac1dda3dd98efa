package dev.wsroute.proxy.http.client;

import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.AmbiguousPath;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.snapshot.Snapshot;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** What a request must pass before an exchange serves it: routing, loop detection, admission, memory. */
final class RequestIntake {

    private final HttpSettings settings;
    private final Entrance entrance;
    private final Account kept;

    /** @param kept holds the memory of the request */
    RequestIntake(HttpSettings settings, Entrance entrance, Account kept) {
        this.settings = settings;
        this.entrance = entrance;
        this.kept = kept;
    }

    /**
     * Creates the exchange that serves a request.
     *
     * @throws RequestRejectedException if none does
     */
    Exchange accept(ClientConnection client, RequestHead head, Snapshot snapshot, ExchangeRecord record)
            throws RequestRejectedException {
        // First, so that whatever is answered from here on has the headers that its rule sets, and is counted for it.
        ActiveRule rule = snapshot.router().route(head);
        client.routed(rule);
        if (rule != null) {
            record.routed(rule);
        }
        settings.loops().check(head.headers());
        entrance.admit();
        if (settings.memory().buffers().isShort() || !kept.hold(head.heapBytes())) {
            throw new RequestRejectedException(Rejection.outOfMemory());
        }
        return settings.exchanges().create(client, head, checked(rule, head), record);
    }

    private static ActiveRule checked(@Nullable ActiveRule rule, RequestHead head) throws RequestRejectedException {
        if (rule == null) {
            throw new RequestRejectedException(Rejection.of(
                    RefusalReason.NO_ROUTE, HttpResponseStatus.NOT_FOUND, "No route for this host and path."));
        }
        if (rule.paths() == Paths.RejectAmbiguous && AmbiguousPath.is(head.path())) {
            throw new RequestRejectedException(Rejection.of(
                    RefusalReason.AMBIGUOUS_PATH,
                    HttpResponseStatus.BAD_REQUEST,
                    "The path can be read in more than one way."));
        }
        return rule;
    }
}
