// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

/**
 * Trusts nobody, for listeners that ask for no certificates. Netty's default would load the platform's CAs into each
 * context.
 */
final class NoClientCertificates extends EngineTrustManager {

    static final NoClientCertificates INSTANCE = new NoClientCertificates();

    private NoClientCertificates() {}
}
