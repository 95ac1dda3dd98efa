// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

/**
 * TLS to one backend.
 *
 * @param client the current certificates
 * @param hostname SNI, and what the backend's certificate must be valid for
 */
public record TlsBackend(TlsClient client, String hostname) {}
