/** Raw peers, frames and a proxy with a static route: what the data plane's tests speak. */
@NullMarked
package dev.wsroute.proxy.testkit;

import org.jspecify.annotations.NullMarked;
