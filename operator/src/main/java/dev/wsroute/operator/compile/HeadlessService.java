// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The headless Service that the operator creates for a pod selector, so that EndpointSlices exist for its pods.
 *
 * @param name a hash of the route, the selector and the port: equal selectors of a route share a Service, but two routes
 *     never do, so each Service has one owner
 * @param selector labels of the pods, sorted
 * @param port number or name of the pods' port
 */
public record HeadlessService(String name, NavigableMap<String, String> selector, IntOrString port) {

    /** Name of its only port, also in the EndpointSlices. */
    public static final String PORT_NAME = "ws";

    private static final int HASH_BYTES = 8;

    /** The Service for {@code selector} and {@code port} in the route called {@code route}. */
    public static HeadlessService of(String route, Map<String, String> selector, IntOrString port) {
        NavigableMap<String, String> sorted = new TreeMap<>(selector);
        String identity = route + "\n" + sorted + "\n" + BackendNames.port(port);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return new HeadlessService(
                    "wsroute-" + HexFormat.of().formatHex(digest, 0, HASH_BYTES), sorted, unquoted(port));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Converts a quoted number to a number, since the API rejects it as a port name. */
    private static IntOrString unquoted(IntOrString port) {
        String text = port.getStrVal();
        return text != null && text.matches("\\d{1,5}") ? new IntOrString(Integer.valueOf(text)) : port;
    }
}
