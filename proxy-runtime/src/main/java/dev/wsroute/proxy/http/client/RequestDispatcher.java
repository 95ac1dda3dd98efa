// SPDX-License-Identifier: Apache-2.0
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the steps before a request is served (routing, loop detection, admission, memory) and creates its exchange. */
final class RequestDispatcher {

    private final HttpSettings settings;
    private final ClientAdmission admission;
    private final Supplier<ListenerRole> role;
    private final Account kept;

    /**
     * @param role what the current configuration says about the listener
     * @param kept accounts for the memory of the request
     */
    RequestDispatcher(HttpSettings settings, ClientAdmission admission, Supplier<ListenerRole> role, Account kept) {
        this.settings = settings;
        this.admission = admission;
        this.role = role;
        this.kept = kept;
    }

    /**
     * Creates the exchange for a request.
     *
     * @throws RequestRejectedException if the request is refused
     */
    Exchange dispatch(DownstreamConnection client, RequestHead head, Snapshot snapshot, ExchangeRecord record)
            throws RequestRejectedException {
        AuthorityCheck.check(head, role.get(), admission.session());
        // First, so that all further responses have the rule's headers and are counted for its route.
        ActiveRule rule = snapshot.router().route(head);
        client.routed(rule);
        if (rule != null) {
            record.routed(rule);
        }
        settings.loops().check(head.headers());
        admission.admit();
        if (settings.memory().buffers().isShort() || !kept.hold(head.heapBytes())) {
            throw new RequestRejectedException(Rejection.outOfMemory());
        }
        ActiveRule serving = checked(rule, head);
        settings.exchanges().admit(client, head, serving);
        return serving.access() == null
                ? settings.exchanges().create(client, head, serving, record)
                : new AccessExchange(client, head, serving, serving.access(), record, settings.exchanges());
    }

    private static ActiveRule checked(@Nullable ActiveRule rule, RequestHead head) throws RequestRejectedException {
        if (rule == null) {
            throw new RequestRejectedException(Rejection.of(
                    RefusalReason.NO_ROUTE, HttpResponseStatus.NOT_FOUND, "No route for this host and path."));
        }
        if (rule.paths() == Paths.RejectAmbiguous && AmbiguousPath.is(head.path())) {
            throw new RequestRejectedException(Rejection.of(
                    RefusalReason.AMBIGUOUS_PATH, HttpResponseStatus.BAD_REQUEST, "The path is ambiguous."));
        }
        return rule;
    }
}
