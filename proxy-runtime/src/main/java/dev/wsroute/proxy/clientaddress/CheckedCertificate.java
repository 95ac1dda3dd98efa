// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import org.jspecify.annotations.Nullable;

/**
 * What a listener that asks for client certificates found out.
 *
 * @param forwarded the verified certificate as X-Forwarded-Client-Cert; null if the client has none
 */
public record CheckedCertificate(@Nullable String forwarded) {}
