// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.HttpNames;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotations about a service that decides about each request: those of a Service of the same namespace become {@code access}. */
final class AuthorizationAnnotations {

    private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

    /** A Service by its DNS name, without TLS and without variables of nginx. */
    private static final Pattern SERVICE = Pattern.compile("http://(?<name>" + LABEL + ")\\.(?<namespace>" + LABEL
            + ")\\.svc(?:\\.cluster\\.local)?(?::(?<port>[1-9][0-9]{0,4}))?(?<path>/[^?#$\\s]{0,1000})?");

    private static final String LOST = "requests were authorised before they reached the backend";

    private static final int HTTP_PORT = 80;
    private static final int MAX_PORT = 65_535;
    private static final int LONGEST_HEADER = 256;

    private AuthorizationAnnotations() {}

    static void url(String name, Annotations annotations, Settings settings) {
        String url = annotations.text(name);
        if (url.equals("false")) {
            return;
        }
        Matcher service = SERVICE.matcher(url);
        if (!service.matches() || !service.group("namespace").equals(annotations.namespace())) {
            settings.lostProtections()
                    .add(name + ": " + LOST + ", and only Services of the same namespace can be asked,"
                            + " by http and without variables.");
            return;
        }
        int port = service.group("port") == null ? HTTP_PORT : Integer.parseInt(service.group("port"));
        boolean asked = annotations.get("auth-method").orElse("GET").equals("GET")
                && annotations.get("auth-snippet").isEmpty()
                && annotations.get("auth-proxy-set-headers").isEmpty()
                && !annotations.is("satisfy", "any");
        if (!asked || port > MAX_PORT) {
            settings.lostProtections().add(name + ": " + LOST + ", in a way that has no counterpart.");
            return;
        }
        ObjectNode external = settings.rule().withObject("/access/external");
        external.putObject("service").put("name", service.group("name")).put("port", port);
        if (service.group("path") != null) {
            external.put("path", service.group("path"));
        }
        headers(annotations, external);
        notes(annotations, settings);
    }

    private static void headers(Annotations annotations, ObjectNode external) {
        List<String> headers = List.of(annotations.text("auth-response-headers").split(",")).stream()
                .map(String::trim)
                .filter(header -> HttpNames.isToken(header, LONGEST_HEADER) && !HttpNames.isProxyOwned(header))
                .distinct()
                .toList();
        if (!headers.isEmpty()) {
            ArrayNode names = external.putArray("headersToBackend");
            headers.forEach(names::add);
        }
    }

    private static void notes(Annotations annotations, Settings settings) {
        if (annotations.get("auth-signin").isPresent()) {
            settings.notes()
                    .add("auth-signin: has no counterpart, clients that are not signed in get 401, with the service's"
                            + " Location.");
        }
        if (annotations.get("auth-cache-key").isPresent()
                || annotations.get("auth-cache-duration").isPresent()) {
            settings.notes()
                    .add("auth-cache-duration: set access.external.cacheFor; only equal requests share an answer.");
        }
    }
}
