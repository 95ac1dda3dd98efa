// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.material.MaterialException;
import java.util.List;
import java.util.Locale;

/**
 * Whatever a Secret or a file holds, it is read, or refused with a short sentence of one line that does not quote it. A certificate that was read
 * can be served by name.
 */
public final class PemFuzz {

    private static final int LONGEST_SENTENCE = 200;

    private PemFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            ServerIdentity identity = ServerIdentity.parse("tls.crt", data, "tls.key", data);
            assertThat(identity.chain()).isNotEmpty();
            assertThat(identity.names()).allSatisfy(name -> assertThat(name).isEqualTo(name.toLowerCase(Locale.ROOT)));
            ServerContext context = new ServerContext(identity, TlsFixture.terms(null), new ListenerTickets("wss"));
            CertificateMap map = new CertificateMap(List.of(new CertificateMap.Slot("0", context)));
            identity.names().forEach(name -> assertThat(map.select(name)).isNotNull());
        } catch (MaterialException e) {
            assertRefused(e);
        }
        try {
            assertThat(CaBundle.parse("ca.crt", data).certificates()).isNotEmpty();
        } catch (MaterialException e) {
            assertRefused(e);
        }
        try {
            assertThat(TicketKeys.parse("ticket.keys", data).derive(new byte[32]))
                    .isNotEmpty();
        } catch (MaterialException e) {
            assertRefused(e);
        }
    }

    private static void assertRefused(MaterialException e) {
        assertThat(e.sentence()).hasSizeLessThan(LONGEST_SENTENCE).matches("[ -~]+");
    }
}
