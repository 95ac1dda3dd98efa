// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One certificate of a listener is renewed: from its PEM to the first engine that presents it. */
public class RenewalBenchmark extends Microbenchmark {

    @Param({"1", "10000"})
    public int certificates;

    private final TlsListener listener = TlsFixture.listener();
    private Map<String, ServerIdentity> identities = new LinkedHashMap<>();
    private Issued[] renewals = new Issued[0];
    private int next;

    @Setup
    public void issue() {
        TestAuthority authority = TestAuthority.named("bench");
        identities = TlsFixture.identities(authority.issueMany(certificates).toArray(Issued[]::new));
        listener.swap(identities, TlsFixture.terms(null));
        renewals = new Issued[] {authority.issue("dns:host-0.example.com"), authority.issue("dns:host-0.example.com")};
    }

    @Benchmark
    public void renew() throws Exception {
        Map<String, ServerIdentity> renewed = new LinkedHashMap<>(identities);
        renewed.put("0", TlsFixture.identity(renewals[next++ % 2]));
        listener.swap(renewed, TlsFixture.terms(null));
        ReferenceCountUtil.release(
                Objects.requireNonNull(listener.accept("host-0.example.com", ByteBufAllocator.DEFAULT))
                        .handler()
                        .engine());
    }
}
