// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;

/** {@code spec.proxy} for one host, from all Ingresses that have it. */
final class HostProxy {

    private final ObjectNode proxy = JsonNodeFactory.instance.objectNode();
    private final ObjectNode tls = JsonNodeFactory.instance.objectNode();
    private final Set<String> secrets = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> lostProtections = new LinkedHashSet<>();

    HostProxy(String host, Set<Source> sources, String serviceType) {
        boolean redirect = false;
        for (Source source : sources) {
            proxy.setAll(source.settings().proxy());
            addTls(source.settings().tls());
            secrets.addAll(source.secrets(host));
            redirect |= source.redirectsToTls();
            if (source.secrets(host).isEmpty() && source.annotations().is("force-ssl-redirect", "true")) {
                notes.add("force-ssl-redirect: has no counterpart without a Secret in spec.tls.");
            }
        }
        if (!secrets.isEmpty()) {
            // Without the redirect, port 80 would ask nobody for a certificate.
            addListeners(redirect || tls.has("clientCertificates"));
        } else if (tls.has("clientCertificates")) {
            lostProtections.add("auth-tls-secret: has no counterpart without a Secret in spec.tls.");
        }
        proxy.putObject("service").put("type", serviceType);
    }

    private void addTls(ObjectNode other) {
        if (tls.has("clientCertificates")
                && other.has("clientCertificates")
                && !tls.get("clientCertificates").equals(other.get("clientCertificates"))) {
            lostProtections.add("auth-tls-secret: Ingresses of this host ask for different certificates.");
        }
        tls.setAll(other);
    }

    private void addListeners(boolean redirect) {
        ArrayNode listeners = proxy.putArray("listeners");
        listeners.addObject().put("name", "http").put("port", 80);
        ObjectNode https =
                listeners.addObject().put("name", "https").put("port", 443).put("protocol", "HTTPS");
        ArrayNode certificates = tls.putArray("certificateRefs");
        secrets.forEach(secret -> certificates.addObject().put("name", secret));
        if (redirect) {
            tls.put("redirectFrom", "http");
        }
        https.set("tls", tls);
    }

    ObjectNode fields() {
        return proxy;
    }

    Set<String> notes() {
        return notes;
    }

    Set<String> lostProtections() {
        return lostProtections;
    }
}
