package dev.wsroute.proxy.http;

import dev.wsroute.proxy.origin.ForwardingWriter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * What a backend is told about where a request comes from: X-Forwarded-For, -Proto, -Host, -Port, Forwarded and
 * X-Request-Id. What a trusted peer says of these is kept, and the peer added to the chain; what anybody else says is
 * replaced, or dropped.
 */
final class ForwardingHeaders {

    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";
    private static final String FORWARDED = "Forwarded";

    /** Written anew by {@link #add}, whoever sent them. */
    private static final HeaderNames OURS = HeaderNames.of(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "forwarded",
            "x-request-id");

    /**
     * Headers in which proxies, load balancers and CDNs describe a client or its request, and which servers and
     * frameworks believe. docs/user-guide.md lists them.
     */
    private static final HeaderNames TOLD_BY_PROXIES = HeaderNames.of(
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
            // The client's identity, by its certificate or its login
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
            // How it connected
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
            // What it asked for
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
    private static final String[] FAMILIES = {
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
        "tailscale-user-"
    };

    /** Never passes: CGI maps it to a variable from which programs take their own proxy (httpoxy, CVE-2016-5385). */
    private static final HeaderNames NOBODYS = HeaderNames.of("proxy");

    private ForwardingHeaders() {}

    /** Whether proxies describe a client or its request in this header. */
    static boolean isOne(CharSequence name) {
        return OURS.contains(name) || TOLD_BY_PROXIES.contains(name) || isOfFamily(name);
    }

    /** Whether a header never passes, whoever sent it. */
    static boolean isNobodys(CharSequence name) {
        return NOBODYS.contains(name);
    }

    private static boolean isOfFamily(CharSequence name) {
        for (String family : FAMILIES) {
            if (AsciiString.regionMatches(name, true, 0, family, 0, family.length())) {
                return true;
            }
        }
        return false;
    }

    /** Whether such a header is passed on as it came. */
    static boolean passes(CharSequence name, boolean trusted) {
        return trusted && !OURS.contains(name);
    }

    /** Adds ours to what goes to the backend. */
    static void add(HttpHeaders kept, RequestHead head, int listenerPort) {
        ForwardingWriter told = new ForwardingWriter(head.origin(), head.hostHeader());
        kept.add(FOR, told.chain());
        kept.add(PROTO, told.proto());
        if (!told.host().isEmpty()) {
            kept.add(HOST, told.host());
        }
        kept.add(PORT, Integer.toString(told.port(listenerPort)));
        String forwarded = told.forwarded();
        if (forwarded != null) {
            kept.add(FORWARDED, forwarded);
        }
        kept.add(RequestId.HEADER, head.requestId());
    }
}
