// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.material.MaterialParser;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a certificate chain and its private key.
 *
 * @param ofListener whether the certificate needs a host name
 */
record IdentityParser(InstantSource clock, boolean ofListener) implements MaterialParser<ServerIdentity> {

    /** How much this clock may be behind that of an issuer whose certificates begin when they are issued. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    @Override
    public String use() {
        return ofListener ? "server certificate" : "client certificate";
    }

    @Override
    public Set<String> keys() {
        return Set.of(MaterialSources.CERTIFICATE, MaterialSources.PRIVATE_KEY);
    }

    @Override
    public ServerIdentity parse(Map<String, byte[]> data) throws MaterialException {
        ServerIdentity identity = ServerIdentity.parse(
                MaterialSources.CERTIFICATE,
                MaterialParser.value(data, MaterialSources.CERTIFICATE),
                MaterialSources.PRIVATE_KEY,
                MaterialParser.value(data, MaterialSources.PRIVATE_KEY));
        if (ofListener) {
            identity.requireHost();
        }
        return identity;
    }

    /** Without a better one, an expired certificate is used: clients then see why they cannot connect. */
    @Override
    public @Nullable Refusal refusal(ServerIdentity next, @Nullable ServerIdentity current) {
        Instant now = clock.instant();
        if (current == null || current.equals(next) || current.validityFault(now) != null) {
            return null;
        }
        String fault = next.validityFault(now);
        return fault == null ? null : new Refusal(fault, next.validityFault(now.plus(CLOCK_SKEW)) == null);
    }
}
