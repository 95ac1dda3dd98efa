// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.Denial;
import io.netty.handler.codec.http.HttpContent;

/**
 * A request whose access is being checked. The exchange that serves it takes its place, without what the backend must not see.
 * The client's body stays unread meanwhile.
 */
final class AccessExchange implements Exchange {

    private final DownstreamConnection client;
    private final RequestHead head;
    private final ActiveRule rule;
    private final AccessGate gate;
    private final ExchangeRecord record;
    private final ExchangeFactory exchanges;
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
        this.rule = rule;
        this.gate = gate;
        this.record = record;
        this.exchanges = exchanges;
    }

    @Override
    public void begin() {
        // The answer may come by a task of the loop that nothing contains.
        gate.check(
                head,
                client.channel().eventLoop(),
                verdict -> Containment.run(client.channel(), FailurePoint.TASK, () -> answered(verdict)));
    }

    private void answered(AccessVerdict verdict) {
        if (over) {
            return;
        }
        over = true;
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
        return head.upgradesToWebSocket();
    }

    @Override
    public void clientDisconnected() {
        over = true;
    }
}
