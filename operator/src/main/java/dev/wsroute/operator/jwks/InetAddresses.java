// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.config.IpAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Makes addresses of their text. */
final class InetAddresses {

    private InetAddresses() {}

    /**
     * Never resolves a name.
     *
     * @throws IllegalArgumentException if it is no address
     */
    static InetAddress parse(String literal) {
        if (!IpAddresses.isAddress(literal)) {
            throw new IllegalArgumentException(literal);
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
