// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.handshake.UpgradeExchange;
import dev.wsroute.proxy.handshake.UpgradeRequestCheck;
import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.client.Exchange;
import dev.wsroute.proxy.http.client.ExchangeFactory;
import dev.wsroute.proxy.http.client.ExchangeRecord;
import dev.wsroute.proxy.http.exchange.PlainExchange;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.relay.PerLoop;
import dev.wsroute.proxy.relay.TunnelFactory;
import dev.wsroute.proxy.relay.TunnelTerms;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.BooleanSupplier;

/** Creates exchanges: WebSocket handshakes and plain HTTP requests. */
final class Exchanges implements ExchangeFactory {

    private final ProxyContext context;
    private final Sockets sockets;
    private final TunnelFactory tunnels;
    private final BooleanSupplier finishing;

    Exchanges(ProxyContext context, Sockets sockets, BooleanSupplier finishing) {
        this.context = context;
        this.sockets = sockets;
        this.finishing = finishing;
        this.tunnels = new TunnelFactory(
                context.connections(),
                context.metrics(),
                new TunnelTerms(
                        () -> context.snapshot().get().drain().closeTimeout(),
                        () -> context.snapshot().get().maxBufferedBytes(),
                        context.closeQueue(),
                        new PerLoop(context.keepaliveRound())));
    }

    @Override
    public void admit(DownstreamConnection client, RequestHead head, ActiveRule rule) throws RequestRejectedException {
        if (!head.upgradesToWebSocket()) {
            if (rule.config().plainHttp().mode() == PlainHttp.Mode.Reject) {
                throw new RequestRejectedException(Rejection.of(
                        RefusalReason.UPGRADE_REQUIRED,
                        HttpResponseStatus.UPGRADE_REQUIRED,
                        "This route accepts only WebSocket upgrades."));
            }
            return;
        }
        UpgradeRequestCheck.check(head);
        if (finishing.getAsBoolean()) {
            throw new RequestRejectedException(Rejection.shuttingDown());
        }
        client.admission().beginHandshake(head.clientAddress());
    }

    @Override
    public Exchange create(DownstreamConnection client, RequestHead head, ActiveRule rule, ExchangeRecord record)
            throws RequestRejectedException {
        Timeouts timeouts = rule.config().timeouts();
        if (!head.upgradesToWebSocket()) {
            return new PlainExchange(client, head, rule, record, sockets.dialer(timeouts), context.metrics());
        }
        client.admission().countSubject(head.subjectKey());
        sockets.limitUnacknowledged(client.channel(), timeouts);
        return new UpgradeExchange(
                client,
                head,
                rule,
                record,
                sockets.tunnelDialer(timeouts),
                context.metrics(),
                context.accessLog(),
                tunnels);
    }
}
