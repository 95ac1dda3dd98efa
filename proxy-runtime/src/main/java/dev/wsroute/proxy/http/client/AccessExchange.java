// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request whose access is being checked. The exchange that serves it takes its place, without what the backend must not see.
 * The client's body stays unread meanwhile.
 */
final class AccessExchange implements Exchange {

    private static final Denial UNDECIDED = Denial.of(
            RefusalReason.ACCESS_UNDECIDED,
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "It cannot be decided now whether this request may pass.");

    private final DownstreamConnection client;
    /** Null once the client is gone: a check that goes on keeps this exchange, but not the request. */
    private @Nullable RequestHead head;

    private final boolean upgrade;
    private final ActiveRule rule;
    private final AccessGate gate;
    private final ExchangeRecord record;
    private final ExchangeFactory exchanges;
    private final Deadline deadline;
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
        deadline.arm(gate.longest(), () -> answered(new AccessVerdict(Grant.NONE, UNDECIDED)));
        // The answer may come by a task of the loop that nothing contains.
        gate.check(
                Objects.requireNonNull(head),
                client.channel().eventLoop(),
                verdict -> Containment.run(client.channel(), FailurePoint.TASK, () -> answered(verdict)));
    }

    private void answered(AccessVerdict verdict) {
        RequestHead asked = head;
        if (over || asked == null) {
            return;
        }
        over = true;
        deadline.cancel();
        RequestHead granted = GrantedHead.of(asked, verdict.grant());
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
        head = null;
        deadline.cancel();
    }
}
