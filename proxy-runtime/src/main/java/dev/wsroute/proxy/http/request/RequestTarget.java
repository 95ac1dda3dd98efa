// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import dev.wsroute.proxy.codec.AbsoluteForm;
import io.netty.handler.codec.http.HttpMethod;

/**
 * The target of a request (RFC 9112 §3.2).
 *
 * @param text as received, except that an empty path in absolute form is {@code /} (RFC 9110 §4.2.3)
 * @param path as received, without the query
 */
record RequestTarget(String text, String path) {

    /**
     * @param hostHeader as received; empty if there was none
     * @param secure whether the client used TLS, to us or to a trusted peer
     * @throws RequestRejectedException if the target is malformed or ambiguous
     */
    static RequestTarget of(String received, String hostHeader, HttpMethod method, boolean secure)
            throws RequestRejectedException {
        for (int i = 0; i < received.length(); i++) {
            char c = received.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                throw malformed();
            }
        }
        if (received.startsWith("/") || (received.equals("*") && method.equals(HttpMethod.OPTIONS))) {
            return at(received, 0);
        }
        AbsoluteForm absolute = AbsoluteForm.of(received);
        // RFC 9110 §7.4: a target for TLS must arrive over TLS.
        if (absolute == null || (absolute.secure() && !secure)) {
            throw malformed();
        }
        // RFC 9112 §3.2.2: servers must accept the absolute form. With a host other than Host it is ambiguous.
        if (!absolute.agreesWith(hostHeader)) {
            throw new RequestRejectedException(
                    Rejection.malformed("The request target does not match the Host header."));
        }
        int start = absolute.pathStart();
        return received.startsWith("/", start)
                ? at(received, start)
                : at(received.substring(0, start) + "/" + received.substring(start), start);
    }

    private static RequestTarget at(String text, int start) {
        int query = text.indexOf('?', start);
        return new RequestTarget(text, text.substring(start, query < 0 ? text.length() : query));
    }

    private static RequestRejectedException malformed() {
        return new RequestRejectedException(Rejection.malformed("The request target is malformed."));
    }
}
