package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AccessLog;
import dev.wsroute.api.v1alpha1.ClientAddress;
import dev.wsroute.api.v1alpha1.ProxyLimits;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.Durations;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles the settings that apply to a whole proxy, with the defaults of the CRD. */
final class ProxySettings {

    private static final List<ListenerConfig> DEFAULT_LISTENERS =
            List.of(new ListenerConfig("ws", null, 80, ListenerConfig.Protocol.HTTP));

    private ProxySettings() {}

    static List<ListenerConfig> listeners(@Nullable ProxySpec proxy) {
        if (proxy == null || proxy.listeners() == null) {
            return DEFAULT_LISTENERS;
        }
        return proxy.listeners().stream()
                .map(l -> new ListenerConfig(l.name(), null, l.port(), ListenerConfig.Protocol.HTTP))
                .toList();
    }

    static ProxyDrain drain(@Nullable ProxySpec proxy) {
        ProxySpec.Drain drain = proxy == null ? null : proxy.drain();
        ProxyDrain defaults = ProxyDrain.DEFAULT;
        return drain == null
                ? defaults
                : new ProxyDrain(
                        duration(drain.delay(), defaults.delay()),
                        duration(drain.over(), defaults.over()),
                        duration(drain.closeTimeout(), defaults.closeTimeout()));
    }

    static ClientAddressConfig clientAddress(@Nullable ProxySpec proxy) {
        ClientAddress address = proxy == null ? null : proxy.clientAddress();
        return address == null
                ? ClientAddressConfig.DEFAULT
                : new ClientAddressConfig(
                        Objects.requireNonNullElse(address.trustedProxies(), List.of()),
                        address.proxyProtocol() == null
                                ? ProxyProtocol.Disabled
                                : ProxyProtocol.valueOf(address.proxyProtocol().name()),
                        address.forwardingHeaders() == ClientAddress.ForwardingHeaders.Forwarded
                                ? ForwardingHeaders.Forwarded
                                : null);
    }

    static LimitsConfig limits(@Nullable ProxySpec proxy) {
        ProxyLimits limits = proxy == null ? null : proxy.limits();
        LimitsConfig defaults = LimitsConfig.DEFAULT;
        return limits == null
                ? defaults
                : new LimitsConfig(
                        limits.connectionsPerProxy(),
                        limits.connectionsPerClient(),
                        limits.handshakesPerSecondPerProxy(),
                        limits.pendingHandshakesPerProxy(),
                        duration(limits.handshakeTimeout(), defaults.handshakeTimeout()),
                        duration(limits.keepAliveTimeout(), defaults.keepAliveTimeout()),
                        or(limits.maxRequestHeaderBytes(), defaults.maxRequestHeaderBytes()),
                        or(limits.maxRequestHeaders(), defaults.maxRequestHeaders()),
                        or(limits.maxBufferedBytesPerConnection(), defaults.maxBufferedBytesPerConnection()));
    }

    static AccessLogConfig accessLog(@Nullable ProxySpec proxy) {
        AccessLog log = proxy == null ? null : proxy.accessLog();
        AccessLogConfig defaults = AccessLogConfig.DEFAULT;
        return log == null
                ? defaults
                : new AccessLogConfig(
                        or(log.enabled(), defaults.enabled()),
                        log.format() == null
                                ? defaults.format()
                                : AccessLogConfig.Format.valueOf(log.format().name()));
    }

    /** The Secret that all proxies of the route share; null if no rule uses sessions. */
    static @Nullable SessionKeyConfig sessionKey(ObjectMeta route, List<RouteRule> rules) {
        return rules.stream().allMatch(rule -> rule.sessionPersistence() == null)
                ? null
                : new SessionKeyConfig(
                        new SecretRef(
                                route.getNamespace(),
                                SessionKeySecret.secret(route.getName()),
                                SessionKeySecret.DATA_KEY),
                        null);
    }

    static @Nullable Duration duration(@Nullable String text) {
        return text == null ? null : Durations.parse(text);
    }

    static Duration duration(@Nullable String text, Duration otherwise) {
        return text == null ? otherwise : Durations.parse(text);
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
