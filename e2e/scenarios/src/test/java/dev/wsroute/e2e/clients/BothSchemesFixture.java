// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import dev.wsroute.config.CertificateSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One proxy in front of one backend for all tests of a class, with a listener for each {@link Scheme}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BothSchemesFixture {

    @AutoClose
    TestBackend backend;

    @AutoClose
    StandaloneProxy proxy;

    /** Issued the certificate of the proxy's address. */
    TestAuthority authority;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        authority = TestAuthority.named("authority", folder);
        backend = new TestBackend();
        proxy = StandaloneProxy.securedTo(backend.port(), certificates(folder), folder);
    }

    /** Of the listener with TLS. */
    List<CertificateSource> certificates(Path folder) throws Exception {
        return List.of(authority.issue("server", "IP:127.0.0.1"));
    }
}
