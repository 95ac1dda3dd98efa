/** Health, configuration and metrics over HTTP, for probes and people. */
@NullMarked
package dev.wsroute.proxy.admin;

import org.jspecify.annotations.NullMarked;
