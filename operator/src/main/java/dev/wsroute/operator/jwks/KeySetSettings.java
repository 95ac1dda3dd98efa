// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

/**
 * How key sets are fetched.
 *
 * @param allowed hosts that may be anywhere
 * @param observer learns of the fetches
 */
public record KeySetSettings(AllowedHosts allowed, FetchObserver observer) {

    /** From public addresses only. */
    public static final KeySetSettings DEFAULT = new KeySetSettings(AllowedHosts.NONE, FetchObserver.NONE);
}
