// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.tls.CertificateMap.Slot;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CertificateMapTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");

    private static CertificateMap map(Issued... certificates) {
        return CertificateMap.EMPTY.with(
                TlsFixture.identities(certificates), TlsFixture.terms(null), new ListenerTickets("wss"));
    }

    private static @Nullable String selected(CertificateMap map, @Nullable String host) {
        Slot slot = map.select(host);
        return slot == null ? null : slot.source();
    }

    @Test
    void anExactNameGoesBeforeAWildcardAndThatBeforeTheFirst() {
        CertificateMap map = map(
                CA.issue("dns:first.example.com"),
                CA.issue("dns:*.example.com"),
                CA.issue("dns:chat.example.com", "dns:first.example.com"));

        assertThat(selected(map, "chat.example.com")).isEqualTo("2");
        assertThat(selected(map, "other.example.com")).isEqualTo("1");
        assertThat(selected(map, "first.example.com")).isEqualTo("0");
        assertThat(selected(map, "a.b.example.com")).isEqualTo("0");
        assertThat(selected(map, "example.com")).isEqualTo("0");
        assertThat(selected(map, null)).isEqualTo("0");
    }

    @Test
    void thereIsNoChoiceWithoutCertificates() {
        assertThat(selected(CertificateMap.EMPTY, "chat.example.com")).isNull();
    }

    @Test
    void aConnectionKeepsItsContextAndAReleasedOneCreatesNoMore() throws Exception {
        CertificateMap before = map(CA.issue("dns:chat.example.com"));
        ServerContext context = before.slots().get(0).context();
        SslHandler open = Objects.requireNonNull(context.newHandler(ByteBufAllocator.DEFAULT));
        CertificateMap after = before.with(
                TlsFixture.identities(CA.issue("dns:chat.example.com")),
                TlsFixture.terms(null),
                new ListenerTickets("wss"));

        before.releaseUnless(after);

        assertThat(context.newHandler(ByteBufAllocator.DEFAULT)).isNull();
        assertThat(open.engine().getSession().isValid()).isNotNull();
        ReferenceCountUtil.release(open.engine());
        after.releaseUnless(CertificateMap.EMPTY);
    }

    @Test
    void onlyTheContextOfARenewedCertificateIsBuiltAgain() throws Exception {
        renewOneOf(500);
    }

    @Test
    @Tag("full")
    void onlyTheContextOfARenewedCertificateAmongTenThousandIsBuiltAgain() throws Exception {
        renewOneOf(10_000);
    }

    private static void renewOneOf(int count) throws Exception {
        List<Issued> issued = CA.issueMany(count);
        Map<String, ServerIdentity> identities = TlsFixture.identities(issued.toArray(Issued[]::new));
        CertificateMap before =
                CertificateMap.EMPTY.with(identities, TlsFixture.terms(null), new ListenerTickets("wss"));
        for (Slot slot : before.slots().subList(0, 100)) {
            ReferenceCountUtil.release(Objects.requireNonNull(slot.context().newHandler(ByteBufAllocator.DEFAULT))
                    .engine());
        }
        identities.put("5", TlsFixture.identity(CA.issue("dns:host-5.example.com")));

        CertificateMap after = before.with(identities, TlsFixture.terms(null), new ListenerTickets("wss"));
        before.releaseUnless(after);

        for (int i = 0; i < count; i++) {
            ServerContext context = after.slots().get(i).context();
            if (i != 5) {
                assertThat(context).isSameAs(before.slots().get(i).context());
            }
            assertThat(context.isBuilt()).isEqualTo(i < 100 && i != 5);
        }
        assertThat(selected(after, "host-" + (count - 1) + ".example.com")).isEqualTo(Integer.toString(count - 1));
        after.releaseUnless(CertificateMap.EMPTY);
    }
}
