/** What strangers can make the proxy hold, in bytes, and how much of it there may be. */
@NullMarked
package dev.wsroute.proxy.memory;

import org.jspecify.annotations.NullMarked;
