// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Only the listeners that {@code --listen} names, on the ports it gives. Other settings come from the listener of the
 * same name in the document. A pod's ports are fixed when it is created: otherwise a container restarting in an old pod
 * would listen on ports that receive no connections.
 */
public final class FixedPortListeners implements Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(FixedPortListeners.class);
    private static final Pattern FORM = Pattern.compile("([^=]*[^=\\s])=(\\d{1,9})");
    private static final int MAX_PORT = 65535;

    private final Map<String, Integer> ports;
    private final Listeners listeners;
    private final Set<String> logged = new HashSet<>();
    private final Map<String, ListenerConfig> known = new HashMap<>();

    /** @param ports port by listener name */
    public FixedPortListeners(Map<String, Integer> ports, Listeners listeners) {
        this.ports = ports;
        this.listeners = listeners;
    }

    /**
     * Reads values of the form {@code NAME=PORT}.
     *
     * @throws IllegalArgumentException with a sentence about the first malformed value
     */
    public static Map<String, Integer> parse(List<String> values) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (String value : values) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("must be of the form NAME=PORT, got '" + value + "'");
            }
            int port = Integer.parseInt(matcher.group(2));
            if (port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "must have a port between 0 and " + MAX_PORT + ", got" + " '" + value + "'");
            }
            if (ports.putIfAbsent(matcher.group(1), port) != null) {
                throw new IllegalArgumentException("names the listener '" + matcher.group(1) + "' twice");
            }
        }
        return ports;
    }

    @Override
    public ListenerChange prepare(List<ListenerConfig> wanted) throws IOException {
        Map<String, ListenerConfig> documented = new LinkedHashMap<>();
        wanted.forEach(listener -> documented.put(listener.name(), listener));
        List<ListenerConfig> fixed = new ArrayList<>();
        ports.forEach((name, port) -> {
            // A listener with TLS does not become one without it when a document no longer has it.
            ListenerConfig listener = documented.getOrDefault(name, known.get(name));
            fixed.add(listener == null ? unknown(name, port, wanted) : listener.withPort(port));
        });
        ListenerChange change = listeners.prepare(fixed);
        known.putAll(documented);
        known.keySet().retainAll(ports.keySet());
        documented.values().forEach(this::logDifference);
        return change;
    }

    /** In a pod of an earlier revision that starts again. Among listeners with TLS, nobody knows whether it had none. */
    private static ListenerConfig unknown(String name, int port, List<ListenerConfig> documented) {
        return documented.stream().anyMatch(listener -> listener.tls() != null)
                ? new ListenerConfig(name, null, port, ListenerConfig.Protocol.HTTPS, ListenerTls.of(List.of()))
                : ListenerConfig.http(name, null, port);
    }

    private void logDifference(ListenerConfig listener) {
        String name = listener.name();
        Integer port = ports.get(name);
        if ((port == null || port != listener.port()) && logged.add(name)) {
            if (port == null) {
                LOG.info("Listener '{}' of the configuration is not opened, since --listen does not name it", name);
            } else {
                LOG.info(
                        "Listener '{}' uses port {} from --listen instead of port {} from the configuration",
                        name,
                        port,
                        listener.port());
            }
        }
    }
}
