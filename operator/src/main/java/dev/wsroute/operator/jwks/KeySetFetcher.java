// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.JwksUri;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Fetches one document over HTTPS from where a tenant says. The addresses of the host are checked, and the connection goes to one of
 * those that were checked, whatever the name resolves to a moment later. Redirects are not followed, proxies of the environment are
 * not used, and nothing that the server sends takes more than a few hundred kilobytes or longer than the deadline.
 */
final class KeySetFetcher {

    /** For looking the host up, connecting, TLS and the answer together. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final HostLookup lookup;
    private final AllowedHosts allowed;
    private final Executor verification;
    private final Duration deadline;

    /**
     * @param verification computes what TLS needs: a search for a chain of certificates may take long, if the host and the author of
     *     the authorities want it to
     */
    KeySetFetcher(EventLoop loop, HostLookup lookup, AllowedHosts allowed, Executor verification, Duration deadline) {
        this.loop = loop;
        this.lookup = lookup;
        this.allowed = allowed;
        this.verification = verification;
        this.deadline = deadline;
    }

    /**
     * @param trust authorities that may vouch for the host
     * @param done called once, on the event loop
     */
    void fetch(JwksUri uri, SslContext trust, Consumer<FetchOutcome> done) {
        loop.execute(() -> {
            FetchExchange exchange = new FetchExchange(loop, uri, trust, verification, deadline, done);
            boolean named = allowed.contain(uri);
            if (!named && uri.port() != JwksUri.HTTPS) {
                exchange.fail(
                        FetchOutcome.Reason.FORBIDDEN,
                        "only port 443 is allowed, unless the operator's flag --jwks-allowed-hosts names the host with its"
                                + " port");
            } else {
                lookup.find(uri.host(), !named, addresses -> connect(exchange, named, addresses));
            }
        });
    }

    private static void connect(FetchExchange exchange, boolean named, List<InetAddress> found) {
        List<InetAddress> addresses = usable(named, found);
        if (found.isEmpty()) {
            exchange.fail(FetchOutcome.Reason.UNREACHABLE, "the name of the host has no address");
        } else if (addresses.isEmpty()) {
            exchange.fail(
                    FetchOutcome.Reason.FORBIDDEN,
                    "the host has no public address, and the operator's flag --jwks-allowed-hosts does not name it");
        } else {
            exchange.connect(addresses);
        }
    }

    /** @param named whether the administrator names the host */
    static List<InetAddress> usable(boolean named, List<InetAddress> found) {
        return named ? found : found.stream().filter(PublicAddresses::contain).toList();
    }
}
