package dev.wsroute.config;

import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold of a document's fields for the whole proxy. */
final class ProxyRules {

    private static final int MAX_CONNECTIONS = 10_000_000;
    private static final int MAX_HANDSHAKES = 1_000_000;
    private static final int MAX_BUFFER = 16 * 1024 * 1024;

    private final Problems problems;

    ProxyRules(Problems problems) {
        this.problems = problems;
    }

    void check(ProxyConfig config) {
        clientAddress(config.clientAddress());
        limits(config.limits());
        problems.duration("drain.delay", config.drain().delay());
        problems.duration("drain.over", config.drain().over());
        problems.positiveDuration("drain.closeTimeout", config.drain().closeTimeout());
        sessionKey(config.sessionKey());
    }

    private void clientAddress(ClientAddressConfig address) {
        List<String> trusted = address.trustedProxies();
        for (int i = 0; i < trusted.size(); i++) {
            if (!IpAddresses.isAddressOrRange(trusted.get(i))) {
                problems.add(
                        "clientAddress.trustedProxies[" + i + "]",
                        "must be an IP address or a range such as 10.0.0.0/8, got \"" + trusted.get(i) + "\"");
            }
        }
        if (address.proxyProtocol() != ProxyProtocol.Disabled && trusted.isEmpty()) {
            problems.add(
                    "clientAddress.proxyProtocol",
                    address.proxyProtocol() + " needs trustedProxies, since it is taken from them only");
        }
    }

    private void limits(LimitsConfig limits) {
        problems.between("limits.connectionsPerProxy", limits.connectionsPerProxy(), 1, MAX_CONNECTIONS);
        problems.between("limits.connectionsPerClient", limits.connectionsPerClient(), 1, MAX_CONNECTIONS);
        problems.between("limits.handshakesPerSecondPerProxy", limits.handshakesPerSecondPerProxy(), 1, MAX_HANDSHAKES);
        problems.between("limits.pendingHandshakesPerProxy", limits.pendingHandshakesPerProxy(), 1, MAX_HANDSHAKES);
        problems.positiveDuration("limits.handshakeTimeout", limits.handshakeTimeout());
        problems.positiveDuration("limits.keepAliveTimeout", limits.keepAliveTimeout());
        problems.between("limits.maxRequestHeaderBytes", limits.maxRequestHeaderBytes(), 1024, 1024 * 1024);
        problems.between("limits.maxRequestHeaders", limits.maxRequestHeaders(), 10, 1000);
        problems.between(
                "limits.maxBufferedBytesPerConnection", limits.maxBufferedBytesPerConnection(), 16 * 1024, MAX_BUFFER);
    }

    private void sessionKey(@Nullable SessionKeyConfig key) {
        if (key == null) {
            return;
        }
        SecretRef secret = key.secret();
        String file = key.file();
        if ((secret == null) == (file == null)) {
            problems.add(
                    "sessionKey",
                    "must have exactly one of secret and file, got " + (secret == null ? "neither" : "both"));
        }
        if (secret != null) {
            problems.named("sessionKey.secret.namespace", secret.namespace());
            problems.named("sessionKey.secret.name", secret.name());
            problems.named("sessionKey.secret.key", secret.key());
        }
        if (file != null) {
            problems.named("sessionKey.file", file);
        }
    }
}
