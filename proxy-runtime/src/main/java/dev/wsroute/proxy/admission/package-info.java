/** How many clients may come in, and how fast. */
@NullMarked
package dev.wsroute.proxy.admission;

import org.jspecify.annotations.NullMarked;
