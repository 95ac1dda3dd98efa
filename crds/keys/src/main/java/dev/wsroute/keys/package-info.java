/** Sets of public keys that verify tokens. */
@NullMarked
package dev.wsroute.keys;

import org.jspecify.annotations.NullMarked;
