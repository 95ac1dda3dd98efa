// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Piece.close;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Frame cases, one line each. A line for both directions makes two cases. */
final class FrameTable {

    private final List<FrameCase> cases = new ArrayList<>();
    private @Nullable String extensions;

    List<FrameCase> cases() {
        return cases;
    }

    /** Extensions that the following cases have negotiated. */
    FrameTable negotiated(@Nullable String header) {
        extensions = header;
        return this;
    }

    /** The pieces and the closing handshake after them pass unchanged in both directions. */
    FrameTable passes(String name, String section, Piece... pieces) {
        return bothWays(name, section, (one, from) -> {
            Piece[] all = Arrays.copyOf(pieces, pieces.length + 1);
            all[pieces.length] = close(1000, "");
            return one.passes(from, all).passes(from.other(), close(1000, "")).bothSeeEnd();
        });
    }

    /** From either peer, the piece closes both sides with 1002. Frames before it are forwarded; it and frames after it are not. */
    FrameTable forbids(String name, String section, Piece bad, Piece... good) {
        return bothWays(name, section, (one, from) -> {
            Piece[] all = Arrays.copyOf(good, good.length + 2);
            all[good.length] = bad;
            all[good.length + 1] = Piece.text("behind");
            WirePeer other = from.other();
            return one.sends(from, all)
                    .gets(other, good)
                    .getsProxyClose(other, 1002, "protocol error")
                    .getsProxyClose(from, 1002, "protocol error")
                    .seesEnd(from)
                    .sends(other, close(1002, ""))
                    .seesEnd(other);
        });
    }

    /** @param script adds to a case, given the peer that begins */
    FrameTable bothWays(String name, String section, BiFunction<FrameCase, WirePeer, FrameCase> script) {
        for (WirePeer from : WirePeer.values()) {
            String who = from == WirePeer.CLIENT ? "client: " : "backend: ";
            script(script.apply(FrameCase.of(who + name, section), from));
        }
        return this;
    }

    FrameTable script(FrameCase made) {
        cases.add(extensions == null ? made : made.with(extensions));
        return this;
    }
}
