package dev.wsroute.proxy.http;

import dev.wsroute.proxy.request.AbsoluteForm;
import io.netty.handler.codec.http.HttpMethod;

/** What a request line asks for (RFC 9112 §3.2). */
final class RequestTarget {

    private RequestTarget() {}

    /**
     * The path, as received and without its query.
     *
     * @param hostHeader as received; empty when there was none
     * @param secure whether the client spoke TLS, to us or to a trusted peer
     * @throws RequestRejectedException if two programs could understand the target differently
     */
    static String path(String target, String hostHeader, HttpMethod method, boolean secure)
            throws RequestRejectedException {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                throw malformed();
            }
        }
        int start = target.startsWith("/") ? 0 : startOfOther(target, hostHeader, method, secure);
        int query = target.indexOf('?', start);
        return target.substring(start, query < 0 ? target.length() : query);
    }

    private static int startOfOther(String target, String hostHeader, HttpMethod method, boolean secure)
            throws RequestRejectedException {
        if (target.equals("*") && method.equals(HttpMethod.OPTIONS)) {
            return 0;
        }
        AbsoluteForm absolute = AbsoluteForm.of(target);
        // RFC 9110 §7.4: what is for TLS does not come without.
        if (absolute == null || (absolute.secure() && !secure)) {
            throw malformed();
        }
        // RFC 9112 §3.2.2: a server accepts the absolute form; with another host than Host it would be ambiguous.
        if (absolute.pathStart() == target.length() || !absolute.agreesWith(hostHeader)) {
            throw new RequestRejectedException(
                    Rejection.malformed("The request target does not agree with the Host header."));
        }
        return absolute.pathStart();
    }

    private static RequestRejectedException malformed() {
        return new RequestRejectedException(Rejection.malformed("The request target is malformed."));
    }
}
