/**
 * State that survives a restart of the process: the last good configuration, the last known endpoints and the session
 * key.
 */
@NullMarked
package dev.wsroute.proxy.state;

import org.jspecify.annotations.NullMarked;
