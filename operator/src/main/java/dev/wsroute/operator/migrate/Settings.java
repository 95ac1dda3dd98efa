// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the annotations of one Ingress become. */
final class Settings {

    private final ObjectNode rule = JsonNodeFactory.instance.objectNode();
    private final ObjectNode backend = JsonNodeFactory.instance.objectNode();
    private final ObjectNode proxy = JsonNodeFactory.instance.objectNode();
    private final ObjectNode tls = JsonNodeFactory.instance.objectNode();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> lostProtections = new LinkedHashSet<>();

    /** Fields of each rule. */
    ObjectNode rule() {
        return rule;
    }

    /** Fields of each item of {@code backendRefs}. */
    ObjectNode backend() {
        return backend;
    }

    /** Fields of {@code spec.proxy}. */
    ObjectNode proxy() {
        return proxy;
    }

    /** Fields of {@code tls} of the listener with TLS. */
    ObjectNode tls() {
        return tls;
    }

    /** Remarks about annotations without a counterpart, each one sentence. */
    Set<String> notes() {
        return notes;
    }

    /** Remarks about annotations that decide who may connect and have no counterpart. */
    Set<String> lostProtections() {
        return lostProtections;
    }
}
