// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import org.jspecify.annotations.Nullable;

/**
 * A handshake, or a plain request, through the proxy. Bytes are written as Latin-1.
 *
 * @param section RFC section
 * @param sends bytes that the client sends
 * @param behind bytes that the client sends in the same segment; forwarded only if a tunnel opens
 * @param backendGets expected request to the backend, with {@code {port}}, {@code {id}} and {@code {process}} for values of the proxy; null for none
 * @param answers the backend's response
 * @param clientGets expected response; for a chunked body only the content, since the chunks may differ
 * @param backendEnds whether the backend ends its output after its response
 * @param ending how the connections end
 */
record HandshakeCase(
        String name,
        String section,
        String sends,
        String behind,
        @Nullable String backendGets,
        String answers,
        boolean backendEnds,
        String clientGets,
        Ending ending) {

    HandshakeCase(
            String name,
            String section,
            String sends,
            String behind,
            @Nullable String backendGets,
            String answers,
            String clientGets,
            Ending ending) {
        this(name, section, sends, behind, backendGets, answers, false, clientGets, ending);
    }

    enum Ending {
        /** Frames pass in both directions. */
        TUNNEL,
        /** The proxy ends both connections. */
        CLOSED,
        /** The client's connection serves further requests; the backend's is closed. */
        KEPT,
        /** The client's connection ends before the body does. */
        CUT,
        /** {@link #KEPT} if the proxy had not forwarded the head yet, otherwise {@link #CUT} before the body. */
        KEPT_OR_CUT
    }

    HandshakeCase withBehind(String bytes) {
        return new HandshakeCase(name, section, sends, bytes, backendGets, answers, backendEnds, clientGets, ending);
    }

    HandshakeCase withBackendEnding() {
        return new HandshakeCase(name, section, sends, behind, backendGets, answers, true, clientGets, ending);
    }

    @Override
    public String toString() {
        return name + " (" + section + ")";
    }
}
