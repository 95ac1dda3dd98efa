/** What the proxy tells the operator of itself. */
@NullMarked
package dev.wsroute.proxy.report;

import org.jspecify.annotations.NullMarked;
