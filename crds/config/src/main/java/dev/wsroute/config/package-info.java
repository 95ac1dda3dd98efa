/**
 * {@link dev.wsroute.config.ProxyConfig}, the one document that the operator writes and the proxy runtime reads, and
 * {@link dev.wsroute.config.ProxyReport}, what a proxy answers. The contract between the two programs stands here and
 * nowhere else.
 */
@NullMarked
package dev.wsroute.config;

import org.jspecify.annotations.NullMarked;
