package dev.wsroute.proxy;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.http.ProxyTerms;
import dev.wsroute.proxy.server.ProxyServer;
import org.jspecify.annotations.Nullable;

/** Hands the limits of the configuration in force to the server. */
final class LiveTerms implements ConfigListener {

    private final ProxyServer server;

    LiveTerms(ProxyServer server) {
        this.server = server;
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        ProxyConfig config = parsed.config();
        server.apply(ProxyTerms.of(config.limits(), config.clientAddress()));
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        // The terms before hold on.
    }
}
