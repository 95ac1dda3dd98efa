// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation through an open tunnel.
 *
 * @param section section of RFC 6455, or of the RFC that it names
 * @param extensions that were negotiated, as the header names them
 * @param steps in order
 */
record FrameCase(String name, String section, @Nullable String extensions, List<Step> steps) {

    /** An action of a peer, or what it must observe. */
    sealed interface Step {

        WirePeer who();
    }

    /** Sends the pieces in one segment, or split as the delivery says. */
    record Sends(WirePeer who, List<Piece> pieces) implements Step {}

    /** Receives exactly the bytes that the other peer sent. */
    record Gets(WirePeer who, List<Piece> pieces) implements Step {}

    /** Receives a Close frame from the proxy. */
    record GetsProxyClose(WirePeer who, int code, String phrase) implements Step {}

    /** Ends its output. */
    record Ends(WirePeer who) implements Step {}

    /** Resets its connection. */
    record Resets(WirePeer who) implements Step {}

    /** Receives nothing more: the stream has ended. */
    record SeesEnd(WirePeer who) implements Step {}

    /** Receives nothing more: its connection was reset. */
    record SeesReset(WirePeer who) implements Step {}

    @Override
    public String toString() {
        return name + " (" + section + ")";
    }

    static FrameCase of(String name, String section) {
        return new FrameCase(name, section, null, List.of());
    }

    FrameCase with(String negotiated) {
        return new FrameCase(name, section, negotiated, steps);
    }

    FrameCase sends(WirePeer who, Piece... pieces) {
        return then(new Sends(who, List.of(pieces)));
    }

    FrameCase gets(WirePeer who, Piece... pieces) {
        return then(new Gets(who, List.of(pieces)));
    }

    /** One peer sends, and the other receives the same bytes. */
    FrameCase passes(WirePeer from, Piece... pieces) {
        return sends(from, pieces).gets(from.other(), pieces);
    }

    FrameCase getsProxyClose(WirePeer who, int code, String phrase) {
        return then(new GetsProxyClose(who, code, phrase));
    }

    FrameCase ends(WirePeer who) {
        return then(new Ends(who));
    }

    FrameCase resets(WirePeer who) {
        return then(new Resets(who));
    }

    FrameCase seesEnd(WirePeer who) {
        return then(new SeesEnd(who));
    }

    FrameCase seesReset(WirePeer who) {
        return then(new SeesReset(who));
    }

    FrameCase bothSeeEnd() {
        return seesEnd(WirePeer.CLIENT).seesEnd(WirePeer.BACKEND);
    }

    private FrameCase then(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new FrameCase(name, section, extensions, List.copyOf(more));
    }
}
