package dev.wsroute.config;

import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold of a document's fields for the whole proxy. */
final class ProxyRules {

    private static final int MAX_CONNECTIONS = 10_000_000;
    private static final int MAX_HANDSHAKES = 1_000_000;
    private static final int MAX_BUFFER = 16 * 1024 * 1024;

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("0|[1-9]\\d{0,2}");

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
            if (!isAddressOrRange(trusted.get(i))) {
                problems.add("clientAddress.trustedProxies[" + i
                        + "] must be an IP address or a range such as 10.0.0.0/8, got \"" + trusted.get(i) + "\"");
            }
        }
        if (address.proxyProtocol() != ProxyProtocol.Disabled && trusted.isEmpty()) {
            problems.add("clientAddress.proxyProtocol " + address.proxyProtocol()
                    + " needs trustedProxies, since it is taken from them only");
        }
    }

    private void limits(LimitsConfig limits) {
        problems.between("limits.connectionsPerProxy", limits.connectionsPerProxy(), 1, MAX_CONNECTIONS);
        problems.between("limits.connectionsPerClient", limits.connectionsPerClient(), 1, MAX_CONNECTIONS);
        problems.between("limits.handshakesPerSecondPerProxy", limits.handshakesPerSecondPerProxy(), 1, MAX_HANDSHAKES);
        problems.between("limits.pendingHandshakesPerProxy", limits.pendingHandshakesPerProxy(), 1, MAX_HANDSHAKES);
        problems.positiveDuration("limits.handshakeTimeout", limits.handshakeTimeout());
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
            problems.add("sessionKey must have exactly one of secret and file, got "
                    + (secret == null ? "neither" : "both"));
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

    private static boolean isAddressOrRange(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int bits = IPV4.matcher(address).matches() ? 32 : isIpv6(address) ? 128 : -1;
        String length = text.substring(slash + 1);
        return bits > 0 && (slash < 0 || (PREFIX_LENGTH.matcher(length).matches() && Integer.parseInt(length) <= bits));
    }

    /** Text of this form is never looked up as a name. An IPv4 address in IPv6 clothes is no IPv6 address. */
    private static boolean isIpv6(String text) {
        try {
            return IPV6.matcher(text).matches() && InetAddress.getByName(text) instanceof Inet6Address;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
