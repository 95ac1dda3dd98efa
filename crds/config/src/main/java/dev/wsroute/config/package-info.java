/**
 * The contract between operator and proxy: {@link dev.wsroute.config.ProxyConfig}, the document that the operator writes and the
 * proxy reads, and {@link dev.wsroute.config.ProxyReport}, the report that a proxy writes.
 */
@NullMarked
package dev.wsroute.config;

import org.jspecify.annotations.NullMarked;
