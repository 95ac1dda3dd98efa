// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.clientaddress.ForwardingWriter;
import dev.wsroute.proxy.http.headers.HeaderNames;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes a client's request to the service in the headers of both families: {@code X-Original-*} for services that are made for
 * nginx's {@code auth_request}, such as Authelia's {@code auth-request}, and {@code X-Forwarded-*} for those made for Traefik's
 * ForwardAuth. The client cannot set any of them.
 */
final class SubrequestWriter {

    /** They describe a body, a handshake or a condition, of which the subrequest has none. */
    private static final Set<String> NOT_SENT = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "content-encoding",
            "expect",
            "range",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range");

    /** Needed to decide, even where the answer replaces them towards the backend. */
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie");

    private static final String WEBSOCKET = "sec-websocket-";

    private final BiConsumer<HttpHeaders, HttpHeaders> loops;
    private final @Nullable Set<String> wanted;
    private final Set<String> answered = new HashSet<>();

    /** @param loops marks headers that are sent, by those that were received, so that a service that is this proxy does not ask itself */
    SubrequestWriter(ExternalAuthorization config, BiConsumer<HttpHeaders, HttpHeaders> loops) {
        this.loops = loops;
        List<String> named = config.headersToService();
        wanted = named == null ? null : lowerCase(named);
        config.headersToBackend().forEach(name -> answered.add(HeaderNames.folded(name)));
        String subject = config.subjectHeader();
        if (subject != null) {
            answered.add(HeaderNames.folded(subject));
        }
        answered.removeAll(CREDENTIALS);
        if (wanted != null) {
            answered.removeAll(wanted);
        }
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lowerCase = new HashSet<>();
        names.forEach(name -> lowerCase.add(name.toLowerCase(Locale.ROOT)));
        return lowerCase;
    }

    /** @param grant what earlier checks found out: headers that they set replace those of the client */
    Subrequest write(AccessRequest request, Grant grant) {
        HttpHeaders headers = HeaderRules.endToEnd(request.headers(), request.clientInfo());
        HeaderRules.setCertificate(headers, request.clientInfo());
        Set<String> replaced = new HashSet<>();
        grant.removedHeaders().forEach(name -> replaced.add(HeaderNames.folded(name)));
        replaced.removeAll(CREDENTIALS);
        List<String> dropped = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (!isSent(header.getKey()) || replaced.contains(HeaderNames.folded(header.getKey()))) {
                dropped.add(header.getKey());
            }
        }
        dropped.forEach(headers::remove);
        for (NameValue header : grant.requestHeaders()) {
            if (wanted == null || wanted.contains(header.name().toLowerCase(Locale.ROOT))) {
                headers.set(header.name(), header.value());
            }
        }
        describe(request, grant, headers);
        loops.accept(request.headers(), headers);
        String host = request.hostHeader();
        return new Subrequest(headers, host, Fingerprint.of(host, headers), request);
    }

    private boolean isSent(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return !NOT_SENT.contains(name)
                && !name.startsWith(WEBSOCKET)
                && !answered.contains(HeaderNames.folded(name))
                && (wanted == null || wanted.contains(name));
    }

    private static void describe(AccessRequest request, Grant grant, HttpHeaders headers) {
        ForwardingWriter client = new ForwardingWriter(request.clientInfo(), request.hostHeader());
        String method = request.method().name();
        String target = request.targetWithout(grant.removedParameters());
        // A trusted proxy in front may report wss or ws; services know http and https only.
        String proto = request.secure() ? "https" : "http";
        headers.set("X-Original-Method", method);
        headers.set("X-Original-URI", target);
        headers.set("X-Forwarded-Method", method);
        headers.set("X-Forwarded-Proto", proto);
        headers.set("X-Forwarded-Uri", target);
        headers.set("X-Forwarded-For", client.chain());
        headers.set("X-Real-IP", address(request));
        headers.set("X-Request-Id", request.requestId());
        String host = client.host();
        if (host.isEmpty()) {
            headers.remove("X-Original-URL");
            headers.remove("X-Forwarded-Host");
        } else {
            headers.set("X-Original-URL", proto + "://" + host + target);
            headers.set("X-Forwarded-Host", host);
        }
    }

    private static String address(AccessRequest request) {
        String address = request.clientAddress().getHostAddress();
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
