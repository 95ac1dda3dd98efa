package dev.wsroute.proxy.wire;

import org.jspecify.annotations.Nullable;

/**
 * A handshake through the proxy. Bytes are written as Latin-1.
 *
 * @param section of the RFC that says so
 * @param sends what the client sends
 * @param behind what the client sends in the same segment: the backend's, once a tunnel is open; else nobody's
 * @param backendGets exactly; {@code {port}} is the proxy's, {@code {id}} and {@code {process}} what it makes up; null when no backend hears of it
 * @param answers what the backend sends then
 * @param clientGets exactly; a chunked body by its content, since chunks may be cut anew
 * @param ending what becomes of the connections
 */
record HandshakeCase(
        String name,
        String section,
        String sends,
        String behind,
        @Nullable String backendGets,
        String answers,
        String clientGets,
        Ending ending) {

    enum Ending {
        /** Frames pass in both directions. */
        TUNNEL,
        /** Both connections are ended by the proxy. */
        CLOSED,
        /** The client's connection serves further requests, the backend's is ended. */
        KEPT
    }

    HandshakeCase withBehind(String bytes) {
        return new HandshakeCase(name, section, sends, bytes, backendGets, answers, clientGets, ending);
    }

    @Override
    public String toString() {
        return name + " (" + section + ")";
    }
}
