/** What survives a restart of the process: the last good configuration and the last known endpoints. */
@NullMarked
package dev.wsroute.proxy.state;

import org.jspecify.annotations.NullMarked;
