/** Configuration sources, and how a document is applied. */
@NullMarked
package dev.wsroute.proxy.config;

import org.jspecify.annotations.NullMarked;
