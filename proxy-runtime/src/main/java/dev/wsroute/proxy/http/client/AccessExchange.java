// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpContent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose access is being checked. The exchange that serves it takes its place, without what the backend must not see.
 * The client's body stays unread meanwhile.
 */
final class AccessExchange implements Exchange {

    private final DownstreamConnection client;
    private final RequestHead head;
    private final boolean upgrade;
    private final ActiveRule rule;
    private final AccessGate gate;
    private final ExchangeRecord record;
    private final ExchangeFactory exchanges;
    private final Deadline deadline;
    private final Asker asker = new Asker(this);
    private boolean over;

    AccessExchange(
            DownstreamConnection client,
            RequestHead head,
            ActiveRule rule,
            AccessGate gate,
            ExchangeRecord record,
            ExchangeFactory exchanges) {
        this.client = client;
        this.head = head;
        this.upgrade = head.upgradesToWebSocket();
        this.rule = rule;
        this.gate = gate;
        this.record = record;
        this.exchanges = exchanges;
        this.deadline = new Deadline(client.channel());
    }

    @Override
    public void begin() {
        deadline.arm(gate.longest(), () -> answered(new AccessVerdict(Grant.NONE, Denial.UNDECIDED)));
        gate.check(asker, client.channel().eventLoop(), asker::answered);
    }

    /** All that a check keeps. One that goes on when the client is gone keeps neither the request nor the connection. */
    private static final class Asker implements Supplier<@Nullable RequestHead> {

        private @Nullable AccessExchange exchange;

        Asker(AccessExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public @Nullable RequestHead get() {
            return exchange == null ? null : exchange.head;
        }

        void answered(AccessVerdict verdict) {
            AccessExchange asking = exchange;
            if (asking != null) {
                // It may come by a task of the loop that nothing contains.
                Containment.run(asking.client.channel(), FailurePoint.TASK, () -> asking.answered(verdict));
            }
        }

        void leave() {
            exchange = null;
        }
    }

    private void answered(AccessVerdict verdict) {
        if (over) {
            return;
        }
        over = true;
        deadline.cancel();
        RequestHead granted = GrantedHead.of(head, verdict.grant());
        client.granted(granted);
        Denial denial = verdict.denial();
        if (denial != null) {
            client.refuse(Rejection.of(denial), denial.detail());
            return;
        }
        try {
            Exchange serving = exchanges.create(client, granted, rule, record);
            client.servedBy(serving);
            serving.begin();
        } catch (RequestRejectedException e) {
            client.refuse(e.rejection());
        }
    }

    /** Only the end of a request without a body arrives before it is read; whoever serves the request knows. */
    @Override
    public void requestContent(HttpContent content) {
        content.release();
    }

    @Override
    public void requestPaused() {}

    @Override
    public void clientWritabilityChanged(boolean writable) {}

    /** The bytes may be the client's first frames. */
    @Override
    public boolean needsUnread() {
        return upgrade;
    }

    @Override
    public void clientDisconnected() {
        over = true;
        asker.leave();
        deadline.cancel();
    }
}
