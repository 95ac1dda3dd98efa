/** The proxy's report to the operator. */
@NullMarked
package dev.wsroute.proxy.report;

import org.jspecify.annotations.NullMarked;
