// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import java.util.List;
import java.util.stream.Stream;

/** The cases that docs/compatibility.md lists, one per row. */
final class CompatibilityCases {

    private CompatibilityCases() {}

    static Stream<HandshakeCase> cases() {
        return Stream.of(ImperfectResponses.cases(), ImperfectSwitches.cases(), HostsAndTargets.cases())
                .flatMap(List::stream);
    }

    /** The proxy's behaviour according to the document. */
    static String outcome(HandshakeCase one) {
        if (one.ending() == Ending.KEPT_OR_CUT) {
            return "502 or cut";
        }
        if (one.ending() == Ending.CUT) {
            return "cut";
        }
        String status = one.clientGets().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        boolean refused = one.backendGets() == null || status.equals("502");
        return refused ? status : one.ending() == Ending.TUNNEL ? "opens" : "served";
    }
}
