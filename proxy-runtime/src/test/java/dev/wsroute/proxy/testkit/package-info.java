/** Raw peers, frames and a proxy with a static route, for tests of the data plane. */
@NullMarked
package dev.wsroute.proxy.testkit;

import org.jspecify.annotations.NullMarked;
