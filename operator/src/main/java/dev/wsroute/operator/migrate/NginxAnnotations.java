// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import static dev.wsroute.operator.migrate.Translation.missing;
import static dev.wsroute.operator.migrate.Translation.partOf;
import static dev.wsroute.operator.migrate.Translation.protection;
import static dev.wsroute.operator.migrate.Translation.unneeded;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The annotations of ingress-nginx and what becomes of them (source: the page "Annotations" of its user guide). Those that
 * concern paths are read by {@link PathMatch}, canaries by {@link HostRules}.
 */
final class NginxAnnotations {

    private static final String STREAMS = "the proxy streams in both directions and buffers no bodies";
    private static final String ELSEWHERE = "the path is converted together with it";
    private static final Map<String, Translation> ALL = new TreeMap<>();

    static {
        timeouts();
        balancing();
        security();
        headersAndPaths();
        rest();
    }

    private NginxAnnotations() {}

    /** By name, without prefix. */
    static Map<String, Translation> all() {
        return Collections.unmodifiableMap(ALL);
    }

    static Settings translate(Annotations annotations) {
        Settings settings = new Settings();
        annotations
                .names()
                .forEach(name ->
                        ALL.getOrDefault(name, OtherAnnotations::unknown).apply(name, annotations, settings));
        annotations.others().forEach(name -> OtherAnnotations.note(name, settings));
        return settings;
    }

    private static void timeouts() {
        ALL.put("proxy-connect-timeout", TimeoutAnnotations::connect);
        ALL.put("proxy-read-timeout", TimeoutAnnotations::read);
        ALL.put(
                "proxy-send-timeout",
                unneeded("idle WebSockets stay open; timeouts.writeStall (60s) ends stalled ones"));
        ALL.put("proxy-next-upstream", TimeoutAnnotations::retry);
        ALL.put("proxy-next-upstream-tries", TimeoutAnnotations::tries);
        ALL.put("proxy-next-upstream-timeout", missing("0", "retries end with timeouts.connect and connectRetries"));
        ALL.put("limit-connections", TimeoutAnnotations::connections);
        ALL.put("limit-rps", missing("0", "only limits.handshakesPerSecondPerProxy, which all clients share"));
        ALL.put("limit-rpm", missing("0", "only limits.handshakesPerSecondPerProxy, which all clients share"));
        ALL.put("limit-burst-multiplier", missing("", "there is no rate for each client"));
        ALL.put("limit-rate", missing("0", "bandwidth is not limited"));
        ALL.put("limit-rate-after", missing("0", "bandwidth is not limited"));
        ALL.put("limit-whitelist", missing("", "limits hold for all clients"));
    }

    private static void balancing() {
        ALL.put("affinity", BalancingAnnotations::affinity);
        ALL.put("affinity-mode", partOf("affinity"));
        ALL.put("affinity-canary-behavior", partOf("affinity"));
        for (String part : new String[] {"name", "expires", "max-age", "samesite", "secure", "path"}) {
            ALL.put("session-cookie-" + part, partOf("affinity"));
        }
        ALL.put("session-cookie-domain", missing("", "the session cookie is for the host that set it"));
        ALL.put("session-cookie-change-on-failure", unneeded("a session moves once its pod cannot be connected to"));
        ALL.put("session-cookie-conditional-samesite-none", missing("false", "for browsers of 2019 and before"));
        ALL.put("upstream-hash-by", BalancingAnnotations::hashBy);
        ALL.put("upstream-hash-by-subset", missing("false", "a value always has one endpoint"));
        ALL.put("upstream-hash-by-subset-size", missing("", "a value always has one endpoint"));
        ALL.put("load-balance", BalancingAnnotations::loadBalance);
        ALL.put("service-upstream", missing("false", "the proxy always connects to pods"));
        for (String canary : new String[] {"", "-weight", "-weight-total", "-by-header", "-by-header-value"}) {
            ALL.put("canary" + canary, (name, annotations, settings) -> {});
        }
        ALL.put("canary-by-header-pattern", missing("", "headers are matched by value"));
        ALL.put("canary-by-cookie", missing("", "cookies are not matched"));
    }

    private static void security() {
        ALL.put("backend-protocol", TlsAnnotations::backendProtocol);
        ALL.put("proxy-ssl-secret", partOf("backend-protocol"));
        ALL.put("proxy-ssl-verify", partOf("backend-protocol"));
        ALL.put("proxy-ssl-name", partOf("backend-protocol"));
        ALL.put("proxy-ssl-server-name", unneeded("the host name is always sent"));
        ALL.put("proxy-ssl-verify-depth", unneeded("the length of chains is not limited"));
        ALL.put("proxy-ssl-ciphers", unneeded("one list of modern ciphers is in force"));
        ALL.put("proxy-ssl-protocols", unneeded("TLS 1.2 and 1.3 are in force"));
        ALL.put("ssl-ciphers", unneeded("one list of modern ciphers is in force"));
        ALL.put("ssl-prefer-server-ciphers", unneeded("one list of modern ciphers is in force"));
        ALL.put("auth-tls-secret", TlsAnnotations::clientCertificates);
        ALL.put("auth-tls-verify-client", partOf("auth-tls-secret"));
        ALL.put("auth-tls-verify-depth", unneeded("the length of chains is not limited"));
        ALL.put("auth-tls-pass-certificate-to-upstream", unneeded("backends get X-Forwarded-Client-Cert"));
        ALL.put("auth-tls-error-page", missing("", "a handshake without a valid certificate fails"));
        ALL.put("auth-tls-match-cn", protection("", "only certificates with certain names were accepted"));
        ALL.put("ssl-redirect", (name, annotations, settings) -> {});
        ALL.put("force-ssl-redirect", (name, annotations, settings) -> {});
        ALL.put("ssl-passthrough", missing("false", "TLS ends at the proxy"));
        ALL.put("auth-url", AuthorizationAnnotations::url);
        for (String name : new String[] {"auth-type", "enable-global-auth"}) {
            ALL.put(name, protection("false", "requests were authorised before they reached the backend"));
        }
        for (String part : new String[] {
            "signin",
            "signin-redirect-param",
            "method",
            "response-headers",
            "cache-key",
            "cache-duration",
            "request-redirect",
            "snippet",
            "proxy-set-headers",
            "always-set-cookie",
            "keepalive",
            "keepalive-share-vars",
            "keepalive-requests",
            "keepalive-timeout"
        }) {
            ALL.put("auth-" + part, partOf("auth-url"));
        }
        ALL.put("auth-secret", partOf("auth-type"));
        ALL.put("auth-secret-type", partOf("auth-type"));
        ALL.put("auth-realm", partOf("auth-type"));
        ALL.put("satisfy", partOf("auth-url"));
        for (String name : new String[] {"whitelist-source-range", "allowlist-source-range", "denylist-source-range"}) {
            ALL.put(name, protection("", "only some addresses could connect"));
        }
        ALL.put("enable-modsecurity", protection("false", "a web application firewall checked requests"));
        for (String name :
                new String[] {"enable-owasp-core-rules", "modsecurity-transaction-id", "modsecurity-snippet"}) {
            ALL.put(name, partOf("enable-modsecurity"));
        }
    }

    private static void headersAndPaths() {
        ALL.put("rewrite-target", (name, annotations, settings) -> {});
        ALL.put("use-regex", (name, annotations, settings) -> {});
        ALL.put("server-alias", (name, annotations, settings) -> {});
        ALL.put("preserve-trailing-slash", unneeded(ELSEWHERE));
        ALL.put("upstream-vhost", HeaderAnnotations::host);
        ALL.put("x-forwarded-prefix", HeaderAnnotations::prefix);
        ALL.put("configuration-snippet", SnippetAnnotation::apply);
        ALL.put("server-snippet", SnippetAnnotation::apply);
        ALL.put("stream-snippet", missing("", "there are no snippets"));
        ALL.put("custom-headers", missing("", "write the headers into responseHeaderModifier"));
        ALL.put("connection-proxy-header", unneeded("Connection and Upgrade are set for each hop"));
        ALL.put("proxy-http-version", unneeded("backends are spoken to in HTTP/1.1"));
        ALL.put("enable-cors", missing("false", "let the backend answer preflight requests"));
        for (String part : new String[] {
            "allow-origin", "allow-methods", "allow-headers", "allow-credentials", "expose-headers", "max-age"
        }) {
            ALL.put("cors-" + part, partOf("enable-cors"));
        }
        for (String name : new String[] {
            "app-root",
            "permanent-redirect",
            "permanent-redirect-code",
            "temporal-redirect",
            "temporal-redirect-code",
            "relative-redirects",
            "from-to-www-redirect"
        }) {
            ALL.put(name, missing("false", "the proxy redirects from http to https only"));
        }
        for (String name : new String[] {"proxy-cookie-domain", "proxy-cookie-path"}) {
            ALL.put(name, missing("off", "cookies of backends are passed on unchanged"));
        }
        for (String name : new String[] {"proxy-redirect-from", "proxy-redirect-to"}) {
            ALL.put(name, missing("off", "Location is passed on unchanged"));
        }
    }

    private static void rest() {
        ALL.put("enable-access-log", HeaderAnnotations::accessLog);
        ALL.put("enable-rewrite-log", unneeded("the access log has the endpoint and the rule"));
        for (String name : new String[] {
            "proxy-buffering",
            "proxy-request-buffering",
            "proxy-buffers-number",
            "proxy-buffer-size",
            "proxy-busy-buffers-size",
            "proxy-max-temp-file-size",
            "client-body-buffer-size"
        }) {
            ALL.put(name, unneeded(STREAMS));
        }
        ALL.put(
                "proxy-body-size",
                unneeded("bodies are streamed; connections.maxMessageBytes limits WebSocket messages"));
        ALL.put("http2-push-preload", missing("false", "clients speak HTTP/1.1"));
        ALL.put("custom-http-errors", missing("", "backends' answers are passed on unchanged"));
        ALL.put("default-backend", missing("", "without an endpoint, clients get 503"));
        ALL.put("disable-proxy-intercept-errors", unneeded("backends' answers are passed on unchanged"));
        for (String name : new String[] {"mirror-target", "mirror-host", "mirror-request-body"}) {
            ALL.put(name, missing("off", "requests are not mirrored"));
        }
        for (String name : new String[] {
            "enable-opentelemetry", "opentelemetry-trust-incoming-span", "opentelemetry-operation-name"
        }) {
            ALL.put(name, missing("false", "there are no traces; headers of traces are passed on"));
        }
    }
}
