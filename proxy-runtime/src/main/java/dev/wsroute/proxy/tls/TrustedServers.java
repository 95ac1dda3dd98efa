// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of backends are accepted.
 *
 * @param authorities CAs that may have issued them; empty for those of the Java runtime
 * @param verifier verifies them; shared by all connections
 */
record TrustedServers(List<Certificate> authorities, ServerVerifier verifier) {

    /** The platform's CAs, which are read once. */
    private static final class Platform {

        private static @Nullable TrustedServers read;

        private static synchronized TrustedServers get() throws MaterialException {
            TrustedServers servers = read;
            if (servers == null) {
                servers = new TrustedServers(List.of(), new ServerVerifier(ChainVerifier.ofSystem()));
                read = servers;
            }
            return servers;
        }
    }

    /**
     * @param authorities at least one
     * @throws MaterialException if the platform cannot use these CAs
     */
    static TrustedServers of(List<Certificate> authorities) throws MaterialException {
        return new TrustedServers(List.copyOf(authorities), new ServerVerifier(ChainVerifier.of(authorities)));
    }

    /**
     * Those of the Java runtime.
     *
     * @throws MaterialException if it has none
     */
    static TrustedServers ofSystem() throws MaterialException {
        return Platform.get();
    }

    /** Whether both have the same CAs. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrustedServers servers && authorities.equals(servers.authorities);
    }

    @Override
    public int hashCode() {
        return Objects.hash(authorities);
    }
}
