/** Session cookies: the shared key and the signed values. */
@NullMarked
package dev.wsroute.proxy.session;

import org.jspecify.annotations.NullMarked;
