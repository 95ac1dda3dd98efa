// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Headers by which proxies, load balancers and CDNs describe a client or its request, and which servers and frameworks trust.
 * From untrusted peers they are removed, both as headers and as trailers. This is the only list of them; docs/user-guide.md
 * documents it.
 */
public final class IdentityHeaders {

    /** Headers that the proxy itself writes. */
    public static final Set<String> OURS = Set.of(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "forwarded",
            "x-request-id");

    /** Headers that only a trusted proxy may send. */
    public static final Set<String> REPORTED_BY_PROXIES = Set.of(
            // The client's address
            "forwarded-for",
            "x-forward-for",
            "client-ip",
            "x-client-ip",
            "x-client",
            "true-client-ip",
            "x-true-client-ip",
            "x-true-ip",
            "x-cluster-client-ip",
            "x-real-ip",
            "x-real-port",
            "x-original-forwarded-for",
            "x-original-remote-addr",
            "x-originating-ip",
            "x-proxyuser-ip",
            "proxy-client-ip",
            "wl-proxy-client-ip",
            "remote-addr",
            "remote-host",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-pseudo-ipv4",
            "cf-ipcountry",
            "fastly-client-ip",
            "fly-client-ip",
            "do-connecting-ip",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-appengine-user-ip",
            "x-appengine-remote-addr",
            "x-nf-client-connection-ip",
            "x-vercel-ip",
            "x-original-client-ip",
            "x-source-ip",
            "ali-cdn-real-ip",
            "cdn-real-ip",
            "cdn-src-ip",
            "x-cdn-src-ip",
            "x-sucuri-clientip",
            "incap-client-ip",
            // The client's identity, by certificate or login
            "client-cert",
            "client-cert-chain",
            "x-client-cert",
            "x-arr-clientcert",
            "wl-proxy-client-cert",
            "remote-user",
            "x-authenticated-user",
            "x-webauth-user",
            "x-authenticated-userid",
            "x-auth-user",
            "x-client-dn",
            "x-client-verify",
            "x-ssl-cert",
            "x-credential-identifier",
            "x-goog-iap-jwt-assertion",
            // How the client connected
            "front-end-https",
            "https",
            "x-https",
            "x-scheme",
            "x-url-scheme",
            "x-real-scheme",
            "x-original-scheme",
            "x-original-proto",
            "x-protocol",
            "cf-visitor",
            "fastly-ssl",
            "wl-proxy-ssl",
            "x-forward-proto",
            "x-arr-ssl",
            "fly-forwarded-port",
            // What the client requested
            "x-original-url",
            "x-original-uri",
            "x-original-path",
            "x-original-host",
            "x-original-method",
            "x-rewrite-url",
            "x-override-url",
            "x-http-path-override",
            "x-http-destinationurl",
            "x-replaced-path",
            "x-script-name",
            "x-forward-host",
            "x-real-host",
            "x-request-uri",
            "x-original-request-uri",
            "x-accel-redirect",
            "x-middleware-subrequest",
            "script-name",
            "x-host",
            "x-http-host-override",
            "x-http-method",
            "x-http-method-override",
            "x-method-override");

    /** Prefixes of such headers. */
    public static final List<String> FAMILIES = List.of(
            "x-forwarded",
            "x-envoy-",
            "x-remote-",
            "x-auth-request-",
            "x-ssl-client-",
            "ssl-client-",
            "x-amzn-mtls-",
            "x-amzn-oidc-",
            "x-ms-client-principal",
            "x-goog-authenticated-user-",
            "x-vercel-forwarded-",
            "x-authentik-",
            "x-consumer-",
            "cf-access-",
            "cloudfront-viewer-",
            "cloudfront-forwarded-",
            "tailscale-user-");

    private IdentityHeaders() {}

    /**
     * Whether a header is one of them, or may be mistaken for one: CGI and its successors distinguish only letters and digits
     * (RFC 3875 §4.1.18).
     */
    public static boolean isOne(String header) {
        String name = header.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        return OURS.contains(name)
                || REPORTED_BY_PROXIES.contains(name)
                || FAMILIES.stream().anyMatch(name::startsWith);
    }
}
