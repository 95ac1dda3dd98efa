/** Tokens (JWT, RFC 7519): finds, verifies and judges them, and follows the keys that verify them. */
@NullMarked
package dev.wsroute.proxy.jwt;

import org.jspecify.annotations.NullMarked;
