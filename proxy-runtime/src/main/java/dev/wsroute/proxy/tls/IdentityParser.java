// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses a certificate chain and its private key.
 *
 * @param ofListener whether the certificate needs a host name
 */
record IdentityParser(InstantSource clock, boolean ofListener) implements MaterialParser<ServerIdentity> {

    @Override
    public String use() {
        return ofListener ? "server certificate" : "client certificate";
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
    public @Nullable String refusal(ServerIdentity next, @Nullable ServerIdentity current) {
        if (current == null || current.equals(next) || current.validityFault(clock.instant()) != null) {
            return null;
        }
        return next.validityFault(clock.instant());
    }
}
