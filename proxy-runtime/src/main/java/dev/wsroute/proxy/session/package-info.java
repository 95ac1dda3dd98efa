/** Session cookies: the key that proxies share, and what is signed with it. */
@NullMarked
package dev.wsroute.proxy.session;

import org.jspecify.annotations.NullMarked;
