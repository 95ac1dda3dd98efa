package dev.wsroute.proxy;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.metrics.AccessLogger;
import org.jspecify.annotations.Nullable;

/** Lets the access log be as the configuration in force has it. */
record LiveAccessLog(AccessLogger accessLog) implements ConfigListener {

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        accessLog.apply(parsed.config().accessLog());
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        // It stays as it was.
    }
}
