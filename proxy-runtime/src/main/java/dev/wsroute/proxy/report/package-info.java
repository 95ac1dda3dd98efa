/** The proxy's report to the operator and to the other proxies. */
@NullMarked
package dev.wsroute.proxy.report;

import org.jspecify.annotations.NullMarked;
