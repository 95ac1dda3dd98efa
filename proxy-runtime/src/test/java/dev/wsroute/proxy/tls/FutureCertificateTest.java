// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendTls;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.testkit.ManualClock;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Renewed certificates that are not valid yet, or not any more. */
class FutureCertificateTest extends CertificatesFixture {

    private final ManualClock clock = new ManualClock();
    private final Certificates followed = create(clock);
    private final Issued current = beginning(Duration.ofDays(-10));
    /** Before the current one ends. */
    private final Issued next = beginning(Duration.ofHours(1));

    /** A certificate that is valid for 31 days. */
    private Issued beginning(Duration fromNow) {
        return CA.issue("test", clock.instant().plus(fromNow).plus(Duration.ofDays(31)), "dns:chat.example.com");
    }

    @BeforeEach
    void useTheCurrentOne() {
        followed.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(current));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));
    }

    private void pass(Duration time) {
        clock.advance(time);
        followed.check();
    }

    @Test
    void aRenewedCertificateIsUsedAndKeptOnceItIsValid() {
        source(SECRET).offer(data(next));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));
        assertThat(fault()).startsWith("The certificate is not valid before ");
        pass(Duration.ofMinutes(59));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));

        pass(Duration.ofMinutes(1));

        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(next));
        assertThat(reports).isEmpty();
        assertThat(kept.get("server certificate of Secret apps/chat-tls").get("tls.crt"))
                .isEqualTo(data(next).get("tls.crt"));
    }

    @Test
    void aRenewedCertificateThatBeginsWithinAMinuteIsNoFault() {
        source(SECRET).unavailable("Secret apps/chat-tls was deleted");
        Issued soon = beginning(Duration.ofSeconds(50));

        source(SECRET).offer(data(soon));

        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));
        assertThat(faults()).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(soon));
        assertThat(faults()).isEmpty();
    }

    private List<String> faults() {
        return reports.stream()
                .map(report -> report.fault())
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void aCertificateThatIsNotValidYetReplacesOneThatHasExpired() {
        Issued late = beginning(Duration.ofDays(30));
        source(SECRET).offer(data(late));

        pass(Duration.ofDays(21));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(late));
        assertThat(fault()).startsWith("The certificate is not valid before ");

        pass(Duration.ofDays(9));
        assertThat(faults()).isEmpty();
    }

    @Test
    void whatTheSourceNoLongerHoldsIsNotUsed() {
        source(SECRET).offer(data(next));
        source(SECRET).unavailable("Secret apps/chat-tls was deleted");
        pass(Duration.ofHours(2));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));
        assertThat(fault()).isEqualTo("Secret apps/chat-tls was deleted");

        Issued other = beginning(Duration.ofHours(1));
        source(SECRET).offer(data(other));
        source(SECRET).offer(Map.of());
        pass(Duration.ofHours(2));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));

        source(SECRET).offer(data(beginning(Duration.ofHours(1))));
        source(SECRET).offer(data(current));
        pass(Duration.ofHours(2));
        assertThat(inForce(followed)).isEqualTo(TlsFixture.identity(current));
        assertThat(faults()).isEmpty();
    }

    @Test
    void whatTheProxyPresentsToBackendsIsRenewedOnceItIsValid() {
        ProxyConfig config = withBackend(new BackendTls(List.of(CLIENTS), null, null, SECRET));
        followed.applied(plain());
        followed.applied(config);
        source(CLIENTS).offer(bundle(CA));
        source(SECRET).offer(data(current));

        source(SECRET).offer(data(next));
        assertThat(presented(config)).isEqualTo(TlsFixture.identity(current));
        pass(Duration.ofHours(1));

        assertThat(presented(config)).isEqualTo(TlsFixture.identity(next));
    }

    private @Nullable ServerIdentity presented(ProxyConfig config) {
        return Objects.requireNonNull(backend(followed, config).client().terms())
                .identity();
    }
}
