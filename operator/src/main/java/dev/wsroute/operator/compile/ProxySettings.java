package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.config.Durations;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyDrain;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a proxy listens on and how it shuts down, with the defaults that the CRD gives. */
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

    static Duration duration(@Nullable String text, Duration otherwise) {
        return text == null ? otherwise : Durations.parse(text);
    }
}
