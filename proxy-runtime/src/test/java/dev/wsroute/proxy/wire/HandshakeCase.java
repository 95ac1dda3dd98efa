// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import org.jspecify.annotations.Nullable;

/**
 * A handshake, or a plain request, through the proxy. Bytes are written as Latin-1.
 *
 * @param section of the RFC that says so
 * @param sends what the client sends
 * @param behind what the client sends in the same segment: the backend's, once a tunnel is open; else nobody's
 * @param backendGets exactly; {@code {port}} is the proxy's, {@code {id}} and {@code {process}} what it makes up; null when no backend hears of it
 * @param answers what the backend sends then
 * @param clientGets exactly; a chunked body by its content, since chunks may be cut anew
 * @param backendEnds the backend ends its output behind what it answers
 * @param ending what becomes of the connections
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
        /** Both connections are ended by the proxy. */
        CLOSED,
        /** The client's connection serves further requests, the backend's is ended. */
        KEPT,
        /** The client's connection ends before the body does. */
        CUT,
        /** {@link #KEPT} where the proxy had not passed the head on yet; else {@link #CUT} with none of the body passed. */
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
