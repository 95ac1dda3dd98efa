/** Where the configuration comes from, and the last good one on disk. */
@NullMarked
package dev.wsroute.proxy.config;

import org.jspecify.annotations.NullMarked;
