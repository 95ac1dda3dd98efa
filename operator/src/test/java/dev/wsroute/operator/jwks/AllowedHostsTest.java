// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wsroute.operator.compile.JwksUri;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedHostsTest {

    @Test
    void namesOfTheFlagAreHostsWithTheirPort() {
        AllowedHosts hosts = AllowedHosts.of(List.of("idp.internal", "Keys.Internal:8443"));

        assertThat(List.of("https://idp.internal/keys", "https://IDP.internal:443/", "https://keys.internal:8443"))
                .allSatisfy(uri ->
                        assertThat(hosts.contain(JwksUri.of(uri).orElseThrow())).isTrue());
        assertThat(List.of("https://idp.internal:8443/", "https://keys.internal/", "https://a.idp.internal/"))
                .allSatisfy(uri ->
                        assertThat(hosts.contain(JwksUri.of(uri).orElseThrow())).isFalse());
        assertThat(List.of(
                        "",
                        "a b",
                        "idp/",
                        "idp?x",
                        "*.internal",
                        "user@idp",
                        "idp:0",
                        "https://idp",
                        "10.0.0.1",
                        "[fd00::1]"))
                .allSatisfy(
                        name -> assertThatIllegalArgumentException().isThrownBy(() -> AllowedHosts.of(List.of(name))));
    }
}
