// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/**
 * An algorithm that signs tokens (RFC 7518 §3.1, RFC 8037 §3.1). All are asymmetric: there is no {@code none}, and no HMAC whose
 * secret could be a public key.
 */
public enum JwtAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RS256,
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RS384,
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RS512,
    /** RSASSA-PSS with SHA-256. */
    PS256,
    /** RSASSA-PSS with SHA-384. */
    PS384,
    /** RSASSA-PSS with SHA-512. */
    PS512,
    /** ECDSA with P-256 and SHA-256. */
    ES256,
    /** ECDSA with P-384 and SHA-384. */
    ES384,
    /** ECDSA with P-521 and SHA-512. */
    ES512,
    /** EdDSA with Ed25519. */
    EdDSA
}
