// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

/**
 * The content of a valid session cookie.
 *
 * @param token token of the endpoint
 * @param issued seconds since 1970, by the clock of the proxy that issued it
 */
public record Pin(EndpointToken token, long issued) {

    /** Identifies an endpoint in cookies: 128 bits that look random without the key. */
    public record EndpointToken(long high, long low) {}
}
